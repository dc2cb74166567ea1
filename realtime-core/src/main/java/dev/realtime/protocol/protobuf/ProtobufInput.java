package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.Payload;
import dev.realtime.json.Utf8;
import dev.realtime.protocol.MalformedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cursor over Protobuf messages. Every length is compared with what is left before anything is allocated. Numbers wider
 * than their field are cut to it, as the Protobuf encoding demands.
 */
final class ProtobufInput {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int GROUP_START = 3;
    private static final int GROUP_END = 4;
    private static final int FIXED32 = 5;

    /**
     * Groups are deprecated and hold nothing we know, so that a few levels suffice; each needs a frame of the stack.
     */
    private static final int MAX_GROUP_DEPTH = 100;

    private byte[] bytes;

    private int position;

    /** End of the message it is in. */
    private int end;

    private int field;

    private int wireType;

    ProtobufInput(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.position = from;
        this.end = to;
    }

    /** Copies what is left, so that the array can be used for something else. */
    void keep() {
        if (position < end) {
            bytes = Arrays.copyOf(bytes, end);
        }
    }

    boolean atEnd() {
        return position == end;
    }

    /** Moves to the value of the next field; {@code false} at the end of the message. */
    boolean nextField() throws MalformedFrameException {
        if (position == end) {
            return false;
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw new MalformedFrameException("The number of a Protobuf field must be from 1 to 536870911.");
        }
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        return true;
    }

    /** Number of the current field. */
    int field() {
        return field;
    }

    /** Skips a value that is not needed. */
    void skip() throws MalformedFrameException {
        skipValue(MAX_GROUP_DEPTH);
    }

    private void skipValue(int deepest) throws MalformedFrameException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> skip(8);
            case BYTES -> skip(length());
            case GROUP_START -> skipGroup(deepest);
            case FIXED32 -> skip(4);
            default ->
                throw new MalformedFrameException(
                        "A Protobuf field must have a known wire type and no group may end" + " before it begins.");
        }
    }

    /** Skips fields up to the end of the group with the number of the current field. */
    private void skipGroup(int deepest) throws MalformedFrameException {
        int group = field;
        if (deepest == 0) {
            throw new MalformedFrameException("Protobuf groups must not be nested deeper than the limit.");
        }
        while (nextField()) {
            if (wireType != GROUP_END) {
                skipValue(deepest - 1);
            } else if (field == group) {
                return;
            } else {
                throw new MalformedFrameException("A Protobuf group must end with the number it began with.");
            }
        }
        throw truncated();
    }

    private void skip(int count) throws MalformedFrameException {
        if (end - position < count) {
            throw truncated();
        }
        position += count;
    }

    /**
     * Enters the message that is the current field.
     *
     * @return what {@link #leave(int)} needs to continue after it
     */
    int enter() throws MalformedFrameException {
        expect(BYTES);
        return enter(length());
    }

    /** Enters the message of this many bytes that begins here; they must be there. */
    int enter(int length) {
        int outerEnd = end;
        end = position + length;
        return outerEnd;
    }

    /** Continues after the message that was entered and has been read to its end. */
    void leave(int outerEnd) {
        end = outerEnd;
    }

    String string() throws MalformedFrameException {
        expect(BYTES);
        int from = position(length());
        if (from == position) {
            return "";
        }
        if (!Utf8.isValid(bytes, from, position)) {
            throw new MalformedFrameException("A Protobuf string must be valid UTF-8.");
        }
        return new String(bytes, from, position - from, StandardCharsets.UTF_8);
    }

    /**
     * Copy of the bytes, not yet checked for JSON; {@code null} for none, which Protobuf cannot distinguish from an
     * absent field.
     */
    @Nullable
    Payload payload() throws MalformedFrameException {
        expect(BYTES);
        int from = position(length());
        return from == position ? null : Payload.ofUnchecked(Arrays.copyOfRange(bytes, from, position));
    }

    private int position(int passed) {
        int from = position;
        position += passed;
        return from;
    }

    boolean bool() throws MalformedFrameException {
        return int64() != 0;
    }

    int int32() throws MalformedFrameException {
        return (int) int64();
    }

    long uint32() throws MalformedFrameException {
        return int64() & 0xffff_ffffL;
    }

    /** Also for uint64, then unsigned. */
    long int64() throws MalformedFrameException {
        expect(VARINT);
        return varint();
    }

    /** The length that begins here, of bytes that are there. */
    int length() throws MalformedFrameException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new MalformedFrameException("A Protobuf length must not be larger than what follows it.");
        }
        return (int) length;
    }

    /** As {@link #length()}, and at most {@code max}. */
    int length(int max) throws MalformedFrameException {
        int start = position;
        if (Long.compareUnsigned(varint(), max) > 0) {
            throw new MalformedFrameException("A command must not be longer than the limit.");
        }
        position = start;
        return length();
    }

    private long varint() throws MalformedFrameException {
        long value = 0;
        for (int shift = 0; position < end; shift += 7) {
            byte next = bytes[position++];
            if (shift == 63 && (next & 0xfe) != 0) {
                throw new MalformedFrameException("A varint must fit into 64 bits.");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw truncated();
    }

    private void expect(int expected) throws MalformedFrameException {
        if (wireType != expected) {
            throw new MalformedFrameException("A known Protobuf field must have the wire type of its declaration.");
        }
    }

    private static MalformedFrameException truncated() {
        return new MalformedFrameException("A Protobuf message must not end inside a field.");
    }
}
