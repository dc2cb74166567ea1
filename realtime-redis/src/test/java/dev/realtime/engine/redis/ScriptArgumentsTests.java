package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent behind {@code EVALSHA}, which must be what the driver itself would send. */
class ScriptArgumentsTests {

    private static final byte[] DIGEST = text("0123456789abcdef0123456789abcdef01234567");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 99, 100, 999, 1000, 65_536, 1_000_000})
    void areWrittenAsTheDriverWritesThem(int size) {
        byte[] publication = new byte[size];
        Arrays.fill(publication, (byte) '\n');
        byte[][] keys = {text("realtime:1:{3f}:meta:chat"), text("realtime:1:{3f}:stream:chat")};
        byte[][] arguments = {publication, text("100"), text("")};

        assertThat(sent(new ScriptArguments(DIGEST, keys, arguments))).isEqualTo(sent(driver(keys, arguments)));
    }

    @Test
    void manyKeysAreCounted() {
        byte[][] keys = new byte[120][];
        Arrays.setAll(keys, number -> text("key" + number));

        ScriptArguments arguments = new ScriptArguments(DIGEST, keys, new byte[0][]);

        assertThat(sent(arguments)).isEqualTo(sent(driver(keys, new byte[0][])));
        assertThat(arguments.count()).isEqualTo(122);
    }

    @Test
    void firstKeyDecidesWhereTheDriverSendsThem() {
        byte[][] keys = {text("first"), text("second")};

        assertThat(new ScriptArguments(DIGEST, keys, new byte[0][]).getFirstEncodedKey())
                .isEqualTo(ByteBuffer.wrap(text("first")));
    }

    private static CommandArgs<byte[], byte[]> driver(byte[][] keys, byte[][] arguments) {
        CommandArgs<byte[], byte[]> driver = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        driver.add(DIGEST).add(keys.length);
        for (byte[] key : keys) {
            driver.addKey(key);
        }
        for (byte[] argument : arguments) {
            driver.add(argument);
        }
        return driver;
    }

    private static byte[] sent(CommandArgs<byte[], byte[]> arguments) {
        ByteBuf buffer = Unpooled.buffer();
        arguments.encode(buffer);
        return ByteBufUtil.getBytes(buffer);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
