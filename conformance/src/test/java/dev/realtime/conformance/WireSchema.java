package dev.realtime.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of the client protocol as data, by which JSON becomes Protobuf and back: one script serves both
 * encodings. Shares no code with the server. A field that is not in the table fails the test that meets it.
 *
 * <p>Types: {@code u} number, {@code t} truth, {@code s} text, {@code b} bytes that hold JSON, or the name of a
 * message; with {@code *} a list, with {@code %} a map from text.
 */
final class WireSchema {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String TABLE = """
            Command 1 id u 4 connect Connect 5 subscribe Subscribe 6 unsubscribe Channel 7 publish Publish \
            8 presence Channel 9 presence_stats Channel 10 history History 13 rpc Rpc \
            14 refresh Refresh 15 sub_refresh SubRefresh
            Connect 1 token s 2 data b 3 subs %Subscribe
            Subscribe 1 channel s 2 token s 3 recover t 6 epoch s 7 offset u 8 data b 9 positioned t 10 recoverable t \
            14 flag u
            Channel 1 channel s
            Publish 1 channel s 2 data b
            History 1 channel s 7 limit u 8 since Position 9 reverse t
            Position 1 offset u 2 epoch s
            Rpc 1 data b 2 method s
            Refresh 1 token s
            SubRefresh 1 channel s 2 token s
            Reply 1 id u 2 error Error 4 push Push 5 connect ConnectResult 6 subscribe SubscribeResult \
            7 unsubscribe Empty 8 publish Empty 9 presence PresenceResult 10 presence_stats StatsResult \
            11 history HistoryResult 13 rpc RpcResult 14 refresh RefreshResult 15 sub_refresh SubRefreshResult
            Error 1 code u 2 message s 3 temporary t
            Push 2 channel s 4 pub Publication 7 unsubscribe Unsubscribe
            Publication 4 data b 5 info ClientInfo 6 offset u 14 epoch s
            ClientInfo 1 user s 2 client s 3 conn_info b 4 chan_info b
            Unsubscribe 2 code u 3 reason s
            ConnectResult 1 client s 2 version s 3 expires t 4 ttl u 5 data b 6 subs %SubscribeResult 7 ping u 8 pong t
            SubscribeResult 1 expires t 2 ttl u 3 recoverable t 6 epoch s 7 publications *Publication 8 recovered t \
            9 offset u 10 positioned t 11 data b 12 was_recovering t
            Empty
            PresenceResult 1 presence %ClientInfo
            StatsResult 1 num_clients u 2 num_users u
            HistoryResult 1 publications *Publication 2 epoch s 3 offset u
            RpcResult 1 data b
            RefreshResult 3 expires t 4 ttl u
            SubRefreshResult 1 expires t 2 ttl u
            """;

    private record Field(int number, String name, String type) {

        String message() {
            return type.substring(1);
        }

        boolean isMap() {
            return type.charAt(0) == '%';
        }

        boolean isList() {
            return type.charAt(0) == '*';
        }
    }

    private static final Map<String, Map<String, Field>> MESSAGES = messages();

    private WireSchema() {}

    private static Map<String, Map<String, Field>> messages() {
        Map<String, Map<String, Field>> messages = new HashMap<>();
        for (String line : TABLE.split("\n")) {
            String[] words = line.trim().split(" ");
            Map<String, Field> fields = new LinkedHashMap<>();
            for (int i = 1; i + 2 < words.length; i += 3) {
                fields.put(words[i + 1], new Field(Integer.parseInt(words[i]), words[i + 1], words[i + 2]));
            }
            messages.put(words[0], fields);
        }
        return messages;
    }

    static ObjectNode parse(String json) {
        return (ObjectNode) JSON.readTree(json);
    }

    /**
     * The fields of a message in the order of the table, without those that hold nothing, which one encoding writes and
     * the other does not. Bytes of the application stay as they are.
     */
    static ObjectNode canonical(String message, JsonNode json) {
        ObjectNode canonical = JsonNodeFactory.instance.objectNode();
        Map<String, Field> fields = MESSAGES.get(message);
        for (String name : json.propertyNames()) {
            if (!fields.containsKey(name)) {
                throw new AssertionError("The field " + name + " of " + message + " is not expected: " + json);
            }
        }
        for (Field field : fields.values()) {
            JsonNode value = json.get(field.name());
            if (value == null) {
                continue;
            }
            JsonNode kept = canonical(field, value);
            boolean result = message.equals("Reply") || message.equals("Push");
            boolean holdsNothing = kept.isObject() || kept.isArray() ? kept.isEmpty() && !result : isZero(kept);
            if (field.type().equals("b") || !holdsNothing) {
                canonical.set(field.name(), kept);
            }
        }
        return canonical;
    }

    private static boolean isZero(JsonNode value) {
        return value.isString()
                ? value.asString().isEmpty()
                : value.isNumber() ? value.asLong() == 0 : !value.asBoolean();
    }

    private static JsonNode canonical(Field field, JsonNode value) {
        if (field.isList()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            value.forEach(entry -> list.add(canonical(field.message(), entry)));
            return list;
        }
        if (field.isMap()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.properties()
                    .forEach(entry -> sorted.put(entry.getKey(), canonical(field.message(), entry.getValue())));
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            sorted.forEach(map::set);
            return map;
        }
        return MESSAGES.containsKey(field.type()) ? canonical(field.type(), value) : value;
    }

    /** A command, after its length. */
    static byte[] toProtobuf(ObjectNode command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        block(out, message("Command", command));
        return out.toByteArray();
    }

    private static byte[] message(String message, JsonNode json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            Field field = MESSAGES.get(message).get(entry.getKey());
            JsonNode value = entry.getValue();
            switch (field.type()) {
                case "u" -> number(out, field.number(), value.asLong());
                case "t" -> number(out, field.number(), value.asBoolean() ? 1 : 0);
                case "s" -> bytes(out, field.number(), value.asString().getBytes(StandardCharsets.UTF_8));
                case "b" -> bytes(out, field.number(), value.toString().getBytes(StandardCharsets.UTF_8));
                default -> {
                    if (field.isMap()) {
                        value.properties().forEach(one -> {
                            ByteArrayOutputStream pair = new ByteArrayOutputStream();
                            bytes(pair, 1, one.getKey().getBytes(StandardCharsets.UTF_8));
                            bytes(pair, 2, message(field.message(), one.getValue()));
                            bytes(out, field.number(), pair.toByteArray());
                        });
                    } else {
                        bytes(out, field.number(), message(field.type(), value));
                    }
                }
            }
        }
        return out.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, int field, long value) {
        varint(out, (long) field << 3);
        varint(out, value);
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] bytes) {
        varint(out, (long) field << 3 | 2);
        block(out, bytes);
    }

    private static void block(ByteArrayOutputStream out, byte[] bytes) {
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        for (; (left & ~0x7fL) != 0; left >>>= 7) {
            out.write((int) (left & 0x7f | 0x80));
        }
        out.write((int) left);
    }

    /** The next reply of a frame, after its length. */
    static ObjectNode nextReply(ByteBuffer frame) {
        return read("Reply", slice(frame));
    }

    private static ObjectNode read(String message, ByteBuffer in) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = MESSAGES.get(message).values().stream()
                    .filter(one -> one.number() == tag >>> 3)
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError("Field " + (tag >>> 3) + " of " + message + " is not expected"));
            switch (field.type()) {
                case "u" -> json.put(field.name(), varint(in));
                case "t" -> json.put(field.name(), varint(in) != 0);
                case "s" -> json.put(field.name(), text(slice(in)));
                case "b" -> json.set(field.name(), data(text(slice(in))));
                default -> {
                    if (field.isMap()) {
                        ByteBuffer pair = slice(in);
                        varint(pair);
                        String key = text(slice(pair));
                        boolean empty = !pair.hasRemaining() || varint(pair) == 0;
                        json.withObject(field.name())
                                .set(key, read(field.message(), empty ? ByteBuffer.allocate(0) : slice(pair)));
                    } else if (field.isList()) {
                        json.withArray(field.name()).add(read(field.message(), slice(in)));
                    } else {
                        json.set(field.name(), read(field.type(), slice(in)));
                    }
                }
            }
        }
        return json;
    }

    private static JsonNode data(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException noJson) {
            throw new AssertionError("Scripts publish JSON alone, but " + text + " came", noJson);
        }
    }

    private static ByteBuffer slice(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
