package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.Payload;
import dev.realtime.json.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes Protobuf fields, left out when they hold nothing.
 *
 * <p>A message is written once: its length is put in front of it afterwards. One byte is kept for the length, and only
 * longer messages, from 128 bytes on, are moved to make room.
 */
final class ProtobufOutput {

    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private ProtobufOutput() {}

    static void bool(WireWriter out, int field, boolean value) {
        number(out, field, value ? 1 : 0);
    }

    /** An int32, int64, uint32 or uint64. */
    static void number(WireWriter out, int field, long value) {
        if (value != 0) {
            tag(out, field, VARINT);
            varint(out, value);
        }
    }

    static void string(WireWriter out, int field, String value) {
        if (!value.isEmpty()) {
            int start = open(out, field);
            out.writeUtf8(value);
            close(out, start);
        }
    }

    static void payload(WireWriter out, int field, @Nullable Payload payload) {
        if (payload != null && !payload.isEmpty()) {
            tag(out, field, BYTES);
            varint(out, payload.length());
            out.write(payload.bytes());
        }
    }

    /**
     * Begins a field that is a message.
     *
     * @return what {@link #close(WireWriter, int)} needs
     */
    static int open(WireWriter out, int field) {
        tag(out, field, BYTES);
        return open(out);
    }

    /** Begins a message that is preceded by its length alone. */
    static int open(WireWriter out) {
        out.write((byte) 0);
        return out.size();
    }

    /** Ends a message begun at {@code start} by writing its length in front of it. */
    static void close(WireWriter out, int start) {
        int length = out.size() - start;
        int more = varintSize(length) - 1;
        if (more > 0) {
            out.insert(start, more);
        }
        int index = start - 1;
        int rest = length;
        while (rest > 0x7f) {
            out.set(index++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.set(index, (byte) rest);
    }

    private static void tag(WireWriter out, int field, int wireType) {
        varint(out, (long) field << 3 | wireType);
    }

    private static void varint(WireWriter out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.write((byte) rest);
    }

    private static int varintSize(int length) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7);
    }
}
