package dev.realtime.test.protocol;

import dev.realtime.test.protocol.ProtobufSchema.Field;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Codec of clients that speak Protobuf: translates between the JSON tree and the wire by {@link ProtobufSchema}. */
final class ProtobufClientCodec implements ClientCodec {

    private static final int VARINT = 0;

    private static final int FIXED_64 = 1;

    private static final int LENGTH_DELIMITED = 2;

    private static final int FIXED_32 = 5;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    public byte[] encode(ObjectNode command) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        delimited(frame, message("Command", command));
        return frame.toByteArray();
    }

    private static byte[] message(String type, JsonNode tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, JsonNode> property : tree.properties()) {
            field(out, ProtobufSchema.field(type, property.getKey()), property.getValue());
        }
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, Field field, JsonNode value) {
        switch (field.kind()) {
            case STRING -> bytes(out, field.number(), value.asString().getBytes(StandardCharsets.UTF_8));
            case DATA -> bytes(out, field.number(), data(value));
            case NUMBER -> number(out, field.number(), value.asLong());
            case BOOLEAN -> number(out, field.number(), value.asBoolean() ? 1 : 0);
            case MESSAGE -> bytes(out, field.number(), message(field.type(), value));
            case MESSAGES -> value.forEach(one -> bytes(out, field.number(), message(field.type(), one)));
            case STRINGS ->
                value.forEach(one -> bytes(out, field.number(), one.asString().getBytes(StandardCharsets.UTF_8)));
            case MAP_OF_STRINGS ->
                value.properties()
                        .forEach(entry -> entry(
                                out,
                                field,
                                entry.getKey(),
                                entry.getValue().asString().getBytes(StandardCharsets.UTF_8)));
            case MAP_OF_MESSAGES ->
                value.properties()
                        .forEach(entry -> entry(out, field, entry.getKey(), message(field.type(), entry.getValue())));
        }
    }

    private static void entry(ByteArrayOutputStream out, Field field, String key, byte[] value) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        bytes(entry, 1, key.getBytes(StandardCharsets.UTF_8));
        bytes(entry, 2, value);
        bytes(out, field.number(), entry.toByteArray());
    }

    private static byte[] data(JsonNode value) {
        return value.isBinary() ? value.binaryValue() : Trees.write(value);
    }

    private static void number(ByteArrayOutputStream out, int field, long value) {
        varint(out, (long) field << 3 | VARINT);
        varint(out, value);
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, (long) field << 3 | LENGTH_DELIMITED);
        delimited(out, value);
    }

    private static void delimited(ByteArrayOutputStream out, byte[] value) {
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    @Override
    public List<ObjectNode> decode(byte[] frame) {
        List<ObjectNode> replies = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(frame);
        try {
            while (in.hasRemaining()) {
                replies.add(message("Reply", delimited(in)));
            }
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException("The server sent a frame that is not Protobuf replies.", malformed);
        }
        return replies;
    }

    private static ObjectNode message(String type, ByteBuffer in) {
        ObjectNode tree = NODES.objectNode();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = ProtobufSchema.field(type, (int) (tag >>> 3));
            if (field == null) {
                skip(in, (int) (tag & 7));
            } else {
                read(in, field, tree);
            }
        }
        return tree;
    }

    private static void read(ByteBuffer in, Field field, ObjectNode tree) {
        String name = field.name();
        switch (field.kind()) {
            case STRING -> tree.put(name, string(delimited(in)));
            case DATA -> tree.set(name, Trees.readData(array(delimited(in))));
            case NUMBER -> tree.put(name, varint(in));
            case BOOLEAN -> tree.put(name, varint(in) != 0);
            case MESSAGE -> tree.set(name, message(field.type(), delimited(in)));
            case MESSAGES -> tree.withArray(name).add(message(field.type(), delimited(in)));
            case STRINGS -> tree.withArray(name).add(string(delimited(in)));
            case MAP_OF_STRINGS, MAP_OF_MESSAGES -> entry(delimited(in), field, tree.withObject(name));
        }
    }

    private static void entry(ByteBuffer in, Field field, ObjectNode map) {
        String key = "";
        ByteBuffer value = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            if (varint(in) >>> 3 == 1) {
                key = string(delimited(in));
            } else {
                value = delimited(in);
            }
        }
        map.set(
                key,
                field.kind() == ProtobufSchema.Kind.MAP_OF_STRINGS
                        ? NODES.stringNode(string(value))
                        : message(field.type(), value));
    }

    private static void skip(ByteBuffer in, int wireType) {
        switch (wireType) {
            case VARINT -> varint(in);
            case FIXED_64 -> in.position(in.position() + 8);
            case LENGTH_DELIMITED -> delimited(in);
            case FIXED_32 -> in.position(in.position() + 4);
            default -> throw new IllegalArgumentException("unknown wire type " + wireType);
        }
    }

    private static ByteBuffer delimited(ByteBuffer in) {
        int length = Math.toIntExact(varint(in));
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private static String string(ByteBuffer in) {
        return new String(array(in), StandardCharsets.UTF_8);
    }

    private static byte[] array(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint of more than 64 bits");
    }
}
