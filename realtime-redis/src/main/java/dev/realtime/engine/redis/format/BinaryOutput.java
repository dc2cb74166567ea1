package dev.realtime.engine.redis.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the binary forms that this engine keeps in Redis and sends from node to node. Numbers are variable-length. */
public final class BinaryOutput {

    private byte[] bytes;

    private int length;

    /** @param expectedLength of what will be written; more is possible */
    public BinaryOutput(int expectedLength) {
        bytes = new byte[Math.max(16, expectedLength)];
    }

    public BinaryOutput octet(int value) {
        makeRoom(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Seven bits at a time, lowest first; the highest bit of a byte says that another follows. Unsigned. */
    public BinaryOutput number(long value) {
        makeRoom(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[length++] = (byte) (left & 0x7f | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
        return this;
    }

    /** The bytes as they are: the reader must know how many, or read to the end. */
    public BinaryOutput bytes(byte[] value) {
        makeRoom(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** The length, then the bytes. */
    public BinaryOutput block(byte[] value) {
        return number(value.length).bytes(value);
    }

    /** The length of its UTF-8 form, then that form. */
    public BinaryOutput text(String value) {
        return block(value.getBytes(StandardCharsets.UTF_8));
    }

    public BinaryOutput truth(boolean value) {
        return octet(value ? 1 : 0);
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Returns the bytes written so far. */
    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
