package dev.realtime.protocol;

import dev.realtime.api.data.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fields of a JSON object, cut out by Jackson and kept as the bytes they are, so that payloads can be compared byte for
 * byte. Absent fields read as empty, 0 or false, as in the protocol.
 */
final class JsonObject {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, byte[]> fields = new LinkedHashMap<>();

    /** Reads exactly one object. */
    static JsonObject parse(byte[] json) {
        JsonObject object = new JsonObject();
        try (JsonParser parser = MAPPER.createParser(json)) {
            check(parser.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                check(object.fields.put(name, slice(parser, json)) == null, "duplicate field " + name);
            }
            check(parser.nextToken() == null, "more after the JSON object");
        }
        return object;
    }

    private static byte[] slice(JsonParser parser, byte[] json) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.finishToken();
        parser.skipChildren();
        return Arrays.copyOfRange(json, from, (int) parser.currentLocation().getByteOffset());
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    Set<String> names() {
        return fields.keySet();
    }

    String string(String name) {
        return value(name, String.class, "");
    }

    boolean bool(String name) {
        return value(name, Boolean.class, false);
    }

    int integer(String name) {
        return value(name, Integer.class, 0);
    }

    /** An unsigned number. */
    long number(String name) {
        byte[] raw = fields.get(name);
        return raw == null ? 0 : Long.parseUnsignedLong(new String(raw, StandardCharsets.US_ASCII));
    }

    private <T> T value(String name, Class<T> type, T absent) {
        byte[] raw = fields.get(name);
        return raw == null ? absent : MAPPER.readValue(raw, type);
    }

    @Nullable
    Payload payload(String name) {
        byte[] raw = fields.get(name);
        return raw == null ? null : Payload.of(raw);
    }

    /** An object, {@code null} when absent. */
    @Nullable
    JsonObject object(String name) {
        byte[] raw = fields.get(name);
        return raw == null ? null : parse(raw);
    }

    /** An object with names chosen by users; empty when absent. */
    <T> Map<String, T> map(String name, Function<JsonObject, T> read) {
        Map<String, T> map = new LinkedHashMap<>();
        JsonObject object = object(name);
        if (object != null) {
            object.fields.forEach((key, raw) -> map.put(key, read.apply(parse(raw))));
        }
        return map;
    }

    /** An object of strings with names chosen by users; empty when absent. */
    Map<String, String> strings(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        JsonObject object = object(name);
        if (object != null) {
            object.fields.forEach((key, raw) -> map.put(key, MAPPER.readValue(raw, String.class)));
        }
        return map;
    }

    /** An array of objects; empty when absent. */
    <T> List<T> list(String name, Function<JsonObject, T> read) {
        List<T> list = new ArrayList<>();
        byte[] raw = fields.get(name);
        if (raw != null) {
            try (JsonParser parser = MAPPER.createParser(raw)) {
                check(parser.nextToken() == JsonToken.START_ARRAY, name + " is not a JSON array");
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read.apply(parse(slice(parser, raw))));
                }
            }
        }
        return list;
    }
}
