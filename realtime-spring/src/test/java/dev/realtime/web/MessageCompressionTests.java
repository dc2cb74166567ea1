package dev.realtime.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BufferLeaks.class)
class MessageCompressionTests {

    private static final int LIMIT = 65_536;

    private static final byte[] ENGLISH =
            "the quick brown fox jumps over the lazy dog ".repeat(20).getBytes(StandardCharsets.UTF_8);

    private final MessageCompression compression = new MessageCompression(100);

    @AfterEach
    void forget() {
        compression.forget();
    }

    @Test
    void framesForManyClientsAreCompressedOnceUntilTheyAreForgotten() {
        ByteBuf frames = frame(ENGLISH);

        ByteBuf first = compress(frames.retain());
        ByteBuf second = compress(frames.retain());
        compression.forget();
        ByteBuf third = compress(frames);

        assertThat(second).isSameAs(first);
        assertThat(third).isNotSameAs(first).isEqualTo(first);
        first.release(2);
        third.release();
    }

    @Test
    void threadForgetsTheLastFramesAfterAWhile() throws Exception {
        ByteBuf frames = frame(ENGLISH);
        DefaultEventExecutor executor = new DefaultEventExecutor();
        ByteBuf compressed = executor.submit(() -> compression.compress(frames.retain(), executor))
                .get();
        frames.release();

        await().untilAsserted(() -> assertThat(frames.refCnt()).isZero());
        await().untilAsserted(() -> assertThat(compressed.refCnt()).isEqualTo(1));
        compressed.release();
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void executorThatShutDownForgetsImmediately() throws Exception {
        ByteBuf frames = frame(ENGLISH);
        DefaultEventExecutor executor = new DefaultEventExecutor();
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

        ByteBuf compressed = compression.compress(frames, executor);

        assertThat(frames.refCnt()).isZero();
        assertThat(compressed.refCnt()).isEqualTo(1);
        compressed.release();
    }

    @Test
    void smallFramesAreNotCopied() {
        ByteBuf frames = Unpooled.wrappedBuffer(frame(new byte[20]), frame(new byte[30]));

        ByteBuf same = compress(frames);

        assertThat(same).isSameAs(frames);
        assertThat(same.refCnt()).isEqualTo(1);
        same.release();
    }

    @Test
    void bufferThatIsUsedAgainForOtherFramesIsCompressedAgain() {
        ByteBuf english = frame(ENGLISH);
        ByteBuf zeros = frame(new byte[1_000]);
        ByteBuf frames = ByteBufAllocator.DEFAULT.buffer(2_000);
        frames.writeBytes(english);
        compress(frames.retain()).release();
        compression.forget();
        frames.clear().writeBytes(zeros);

        ByteBuf compressed = compress(frames);

        assertThat(compressed.readableBytes()).isLessThan(40);
        compressed.release();
        english.release();
        zeros.release();
    }

    @Test
    void noiseIsCompressedWithoutALoss() throws Exception {
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);

        ByteBuf compressed = compress(frame(noise));

        assertThat(compressed.getByte(0) & 0xFF).isEqualTo(0xC1);
        byte[] message = new byte[compressed.readableBytes() - 4];
        compressed.getBytes(4, message);
        assertInflates(message, noise);
        compressed.release();
    }

    @Test
    void eachOfSeveralFramesInOneBufferIsCompressed() {
        ByteBuf frames = Unpooled.wrappedBuffer(frame(ENGLISH), frame(new byte[10]), frame(new byte[70_000]));

        ByteBuf compressed = compress(frames);

        assertThat(compressed.getByte(0) & 0xFF).isEqualTo(0xC1);
        int second = 4
                - (compressed.getByte(1) == 126 ? 0 : 2)
                + (compressed.getByte(1) == 126 ? compressed.getUnsignedShort(2) : compressed.getByte(1));
        assertThat(compressed.getByte(second) & 0xFF).isEqualTo(0x81);
        assertThat(compressed.getByte(second + 12) & 0xFF).isEqualTo(0xC1);
        assertThat(compressed.readableBytes()).isLessThan(400);
        compressed.release();
    }

    @Test
    void everyCutOfAMessageIsRefusedOrEndsWithABlock() throws Exception {
        byte[] whole = deflate(ENGLISH, Deflater.SYNC_FLUSH);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> compression.inflate(Unpooled.wrappedBuffer(cut), LIMIT))
                    .as("%s bytes of %s", length, whole.length)
                    .isInstanceOf(DataFormatException.class);
        }
        assertInflates(whole, ENGLISH);
    }

    /** RFC 7692 section 7.2.3.4: the final block is followed by an empty one. */
    @Test
    void messageMayEndWithAFinalBlock() throws Exception {
        byte[] finished = deflate(ENGLISH, Deflater.FULL_FLUSH);
        byte[] padded = Arrays.copyOf(finished, finished.length + 1);

        assertInflates(padded, ENGLISH);
    }

    @Test
    void emptyMessageIsOneByte() throws Exception {
        assertInflates(new byte[] {0}, new byte[0]);
    }

    @Test
    void noiseOfTheLimitPassesAndOneByteMoreDoesNot() throws Exception {
        byte[] noise = new byte[LIMIT + 1];
        new Random(1).nextBytes(noise);
        byte[] longest = deflate(Arrays.copyOf(noise, LIMIT), Deflater.SYNC_FLUSH);

        assertThat((long) longest.length).isGreaterThan(LIMIT).isLessThan(MessageCompression.compressedLimit(LIMIT));
        assertInflates(longest, Arrays.copyOf(noise, LIMIT));
        assertThat(compression.inflate(Unpooled.wrappedBuffer(deflate(noise, Deflater.SYNC_FLUSH)), LIMIT))
                .isNull();
    }

    private ByteBuf compress(ByteBuf frames) {
        return compression.compress(frames, GlobalEventExecutor.INSTANCE);
    }

    private void assertInflates(byte[] message, byte[] expected) throws DataFormatException {
        ByteBuf plain = compression.inflate(Unpooled.wrappedBuffer(message), LIMIT);
        assertThat(plain).isEqualTo(Unpooled.wrappedBuffer(expected));
        plain.release();
    }

    private static ByteBuf frame(byte[] payload) {
        WireWriter message = new WireWriter();
        message.write(payload);
        return WireForm.JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
    }

    /** @param flush {@code FULL_FLUSH} for data that ends with a final block */
    private static byte[] deflate(byte[] data, int flush) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(data);
        byte[] out = new byte[100_000];
        int length;
        if (flush == Deflater.FULL_FLUSH) {
            deflater.finish();
            length = deflater.deflate(out);
        } else {
            length = deflater.deflate(out, 0, out.length, flush) - 4;
        }
        deflater.end();
        return Arrays.copyOf(out, length);
    }
}
