package dev.realtime.engine.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What stands behind {@code EVALSHA} or {@code EVAL}, written as Redis reads it in one go: the driver would make an object of each
 * argument and write it piece by piece, which with more than a dozen of them costs as much as the rest of a publish.
 */
final class ScriptArguments extends CommandArgs<byte[], byte[]> {

    private final int count;

    private final byte[] encoded;

    /**
     * @param script its digest or its source
     * @param keys at least one; the driver finds the slot by the first
     */
    ScriptArguments(byte[] script, byte[][] keys, byte[][] arguments) {
        super(ByteArrayCodec.INSTANCE);
        addKey(keys[0]);
        byte[] keyCount = Integer.toString(keys.length).getBytes(StandardCharsets.US_ASCII);
        this.count = 2 + keys.length + arguments.length;
        this.encoded = new byte[length(script) + length(keyCount) + length(keys) + length(arguments)];
        int at = put(script, 0);
        at = put(keyCount, at);
        at = put(keys, at);
        put(arguments, at);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void encode(ByteBuf buffer) {
        buffer.writeBytes(encoded);
    }

    private static int length(byte[][] values) {
        int length = 0;
        for (byte[] value : values) {
            length += length(value);
        }
        return length;
    }

    /** Of a bulk string: {@code $}, its length, its bytes, and a line break behind both. */
    private static int length(byte[] value) {
        return 1 + digits(value.length) + 2 + value.length + 2;
    }

    private int put(byte[][] values, int from) {
        int at = from;
        for (byte[] value : values) {
            at = put(value, at);
        }
        return at;
    }

    private int put(byte[] value, int from) {
        encoded[from] = '$';
        int at = from + 1 + digits(value.length);
        int left = value.length;
        for (int digit = at - 1; digit > from; digit--) {
            encoded[digit] = (byte) ('0' + left % 10);
            left /= 10;
        }
        at = putLineBreak(at);
        System.arraycopy(value, 0, encoded, at, value.length);
        return putLineBreak(at + value.length);
    }

    private int putLineBreak(int at) {
        encoded[at] = '\r';
        encoded[at + 1] = '\n';
        return at + 2;
    }

    private static int digits(int number) {
        int digits = 1;
        for (int left = number; left >= 10; left /= 10) {
            digits++;
        }
        return digits;
    }
}
