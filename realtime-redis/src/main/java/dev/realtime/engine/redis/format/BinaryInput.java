package dev.realtime.engine.redis.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link BinaryOutput} wrote. Every mistake in the bytes ends in an {@link UnreadableException}. */
public final class BinaryInput {

    private final byte[] bytes;

    private int at;

    public BinaryInput(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    public int octet() {
        need(1);
        return bytes[at++] & 0xff;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new UnreadableException("a number of more than 64 bits");
    }

    /** A number of things that follow, each of at least one byte. */
    public int count() {
        long count = number();
        if (count < 0 || count > bytes.length - at) {
            throw new UnreadableException(
                    "a count of " + Long.toUnsignedString(count) + " in front of " + (bytes.length - at) + " bytes");
        }
        return (int) count;
    }

    public byte[] block() {
        int length = count();
        byte[] block = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return block;
    }

    public String text() {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    public boolean truth() {
        int octet = octet();
        if (octet > 1) {
            throw new UnreadableException("neither true nor false: " + octet);
        }
        return octet == 1;
    }

    /** All that is left. */
    public byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    /** Refuses trailing bytes. */
    public void end() {
        if (at != bytes.length) {
            throw new UnreadableException((bytes.length - at) + " bytes too many");
        }
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new UnreadableException("an unexpected end");
        }
    }
}
