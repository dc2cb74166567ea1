package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.MessageCompression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frames on their way to several clients of one event loop. */
@ExtendWith(BufferLeaks.class)
class OutboundFramesTests {

    private static final String TEXT =
            "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":\"" + "a".repeat(500) + "\"}}}";

    private final MessageCompression compression = new MessageCompression(100);

    private final EmbeddedChannel first = channel();

    private final EmbeddedChannel second = channel();

    private final EmbeddedChannel uncompressed = channel();

    @Test
    void clientsThatNegotiatedCompressionShareTheCompressedFrame() throws Exception {
        ByteBuf frame = frame(TEXT);

        ByteBuf toFirst = send(frame, first, compression);
        ByteBuf toSecond = send(frame, second, compression);
        ByteBuf toUncompressed = send(frame, uncompressed, null);

        assertThat(toFirst.memoryAddress()).isEqualTo(toSecond.memoryAddress());
        assertThat(toFirst.getByte(0) & 0xFF).isEqualTo(0xC1);
        assertThat(inflate(toFirst)).isEqualTo(TEXT);
        assertThat(toUncompressed.memoryAddress()).isEqualTo(frame.memoryAddress());
        assertThat(toUncompressed.getByte(0) & 0xFF).isEqualTo(0x81);
        end(frame, toFirst, toSecond, toUncompressed);
    }

    @Test
    void smallFrameIsTheSameForAllClients() {
        ByteBuf frame = frame("{}");

        ByteBuf toFirst = send(frame, first, compression);
        ByteBuf toUncompressed = send(frame, uncompressed, null);

        assertThat(toFirst.getByte(0) & 0xFF).isEqualTo(0x81);
        assertThat(toFirst.memoryAddress()).isEqualTo(frame.memoryAddress());
        assertThat(toUncompressed.memoryAddress()).isEqualTo(frame.memoryAddress());
        end(frame, toFirst, toUncompressed);
    }

    /** A channel with a clock that does not advance by itself. */
    private static EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
        channel.freezeTime();
        return channel;
    }

    private static ByteBuf frame(String text) {
        WireWriter message = new WireWriter();
        message.write(text.getBytes(StandardCharsets.UTF_8));
        return WireForm.JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
    }

    private static ByteBuf send(ByteBuf frame, EmbeddedChannel channel, MessageCompression compression) {
        OutboundFrames frames = new OutboundFrames(channel, Duration.ZERO, compression, () -> {});
        frames.write(frame.retain());
        frames.flush();
        return channel.readOutbound();
    }

    /** A frame with a length of one byte. */
    private static String inflate(ByteBuf frame) throws Exception {
        assertThat(frame.getByte(1)).isEqualTo((byte) (frame.readableBytes() - 2));
        byte[] message = new byte[frame.readableBytes() + 2];
        frame.getBytes(2, message, 0, frame.readableBytes() - 2);
        message[message.length - 2] = (byte) 0xFF;
        message[message.length - 1] = (byte) 0xFF;
        Inflater inflater = new Inflater(true);
        inflater.setInput(message);
        byte[] plain = new byte[1_000];
        int length = inflater.inflate(plain);
        inflater.end();
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    /** What is kept of the last frames is forgotten after a while. */
    private void end(ByteBuf... buffers) {
        for (ByteBuf buffer : buffers) {
            buffer.release();
        }
        for (EmbeddedChannel channel : new EmbeddedChannel[] {first, second, uncompressed}) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            channel.finishAndReleaseAll();
        }
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }
}
