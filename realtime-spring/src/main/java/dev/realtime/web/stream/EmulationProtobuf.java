package dev.realtime.web.stream;

import dev.realtime.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reader of an emulation request in Protobuf: node 1, session 2, data 3. Of a field that comes twice the last one
 * counts; unknown fields are skipped.
 */
final class EmulationProtobuf {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;

    private int position;

    private String node = "";

    private String session = "";

    private byte[] data = {};

    private EmulationProtobuf(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws StreamRefusedException if the body is malformed or empty */
    static EmulationRequest read(byte[] body) throws StreamRefusedException {
        if (body.length == 0) {
            throw StreamRefusedException.malformed("The body must not be empty");
        }
        EmulationProtobuf input = new EmulationProtobuf(body);
        while (input.position < body.length) {
            input.readField();
        }
        return new EmulationRequest(input.session, input.node, input.data);
    }

    private void readField() throws StreamRefusedException {
        long tag = varint();
        int wireType = (int) tag & 7;
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw malformed();
        }
        switch ((int) (tag >>> 3)) {
            case 1 -> node = string(wireType);
            case 2 -> session = string(wireType);
            case 3 -> data = content(wireType);
            default -> skip(wireType);
        }
    }

    private void skip(int wireType) throws StreamRefusedException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> pass(8);
            case BYTES -> pass(varint());
            case FIXED32 -> pass(4);
            default -> throw malformed();
        }
    }

    private String string(int wireType) throws StreamRefusedException {
        byte[] text = content(wireType);
        if (!Utf8.isValid(text, 0, text.length)) {
            throw malformed();
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private byte[] content(int wireType) throws StreamRefusedException {
        if (wireType != BYTES) {
            throw malformed();
        }
        int from = pass(varint());
        return Arrays.copyOfRange(bytes, from, position);
    }

    /** Moves past a number of bytes, which must be there, and returns the place of the first. */
    private int pass(long count) throws StreamRefusedException {
        // A length of 64 bits that is unsigned would be negative.
        if (count < 0 || count > bytes.length - position) {
            throw malformed();
        }
        int from = position;
        position += (int) count;
        return from;
    }

    private long varint() throws StreamRefusedException {
        long value = 0;
        for (int shift = 0; shift < 64 && position < bytes.length; shift += 7) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    private static StreamRefusedException malformed() {
        return StreamRefusedException.malformed("The body is not a Protobuf message of the protocol");
    }
}
