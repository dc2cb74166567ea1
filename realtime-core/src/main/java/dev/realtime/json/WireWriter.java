package dev.realtime.json;

import java.util.Arrays;

/**
 * Growing array of bytes that codecs write messages into. Reused by its owner, never shared between threads at one
 * time.
 */
public final class WireWriter {

    private static final int RETAINED_BYTES = 256 * 1024;

    private final int initialCapacity;

    private byte[] bytes;

    private int size;

    public WireWriter() {
        this(1024);
    }

    public WireWriter(int initialCapacity) {
        this.initialCapacity = initialCapacity;
        this.bytes = new byte[initialCapacity];
    }

    /** Forgets what was written; gives memory back if the last message was unusually large. */
    public WireWriter clear() {
        if (bytes.length > RETAINED_BYTES) {
            bytes = new byte[initialCapacity];
        }
        size = 0;
        return this;
    }

    /** Number of bytes written. */
    public int size() {
        return size;
    }

    /** The array written into; valid up to {@link #size()} until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Makes sure that {@code more} bytes fit without another allocation. */
    public void ensure(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
        }
    }

    public void write(byte value) {
        if (size == bytes.length) {
            ensure(1);
        }
        bytes[size++] = value;
    }

    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    public void write(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Writes text in UTF-8; a surrogate without its other half becomes U+FFFD. */
    public void writeUtf8(String text) {
        writeUtf8(text, 0, text.length());
    }

    /** Writes part of a text in UTF-8, from one index to before another; neither may split a surrogate pair. */
    public void writeUtf8(String text, int from, int to) {
        int index = from + writeAscii(text, from, to);
        while (index < to) {
            int codePoint = text.codePointAt(index);
            if (codePoint < 0x80) {
                write((byte) codePoint);
            } else {
                writeMultibyte(Character.getType(codePoint) == Character.SURROGATE ? 0xfffd : codePoint);
            }
            index += Character.charCount(codePoint);
        }
    }

    /** Writes the leading characters that are one byte each and returns how many they were: nearly always all. */
    private int writeAscii(String text, int from, int to) {
        ensure(to - from);
        byte[] target = bytes;
        int shift = size - from;
        int index = from;
        while (index < to && text.charAt(index) < 0x80) {
            target[index + shift] = (byte) text.charAt(index);
            index++;
        }
        size = index + shift;
        return index - from;
    }

    private void writeMultibyte(int codePoint) {
        if (codePoint < 0x800) {
            write((byte) (0xc0 | codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                write((byte) (0xe0 | codePoint >> 12));
            } else {
                write((byte) (0xf0 | codePoint >> 18));
                write((byte) (0x80 | codePoint >> 12 & 0x3f));
            }
            write((byte) (0x80 | codePoint >> 6 & 0x3f));
        }
        write((byte) (0x80 | codePoint & 0x3f));
    }

    /** Writes over bytes written before, as for a length known only afterwards. */
    public void set(int index, byte value) {
        bytes[index] = value;
    }

    /** Opens a hole of {@code count} bytes at {@code index}, moving what follows. */
    public void insert(int index, int count) {
        ensure(count);
        System.arraycopy(bytes, index, bytes, index + count, size - index);
        size += count;
    }
}
