package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.data.TagsFilter;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.FilterNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters of tags in JSON: of clients, in tokens and in commands of the HTTP API. */
public final class JsonFilters {

    private JsonFilters() {}

    /**
     * Reads a field that holds a filter, or {@code null}.
     *
     * @param json input at the value
     * @param field name of the field
     * @return the filter; {@code null} for none
     * @throws IllegalArgumentException if it is not a filter, or too expensive
     */
    public static @Nullable TagsFilter read(JsonInput json, JsonField field) throws MalformedJsonException {
        return json.openObject(field) ? readFields(json).toTagsFilter() : null;
    }

    /** Reads the fields of a filter, up to its end. */
    static FilterNode readFields(JsonInput json) throws MalformedJsonException {
        return readFields(json, json.maxDepth());
    }

    private static FilterNode readFields(JsonInput json, int maxDepth) throws MalformedJsonException {
        if (maxDepth <= 0) {
            throw new MalformedJsonException("A tags filter must not be nested deeper than the limit.");
        }
        String operation = "";
        String key = "";
        String comparison = "";
        String value = "";
        List<String> values = List.of();
        List<FilterNode> nodes = List.of();
        while (json.nextField()) {
            if (json.nameIs(OPERATION)) {
                operation = json.string(OPERATION);
            } else if (json.nameIs(KEY)) {
                key = json.string(KEY);
            } else if (json.nameIs(COMPARISON)) {
                comparison = json.string(COMPARISON);
            } else if (json.nameIs(VALUE)) {
                value = json.string(VALUE);
            } else if (json.nameIs(VALUES)) {
                values = values(json);
            } else if (json.nameIs(NODES)) {
                nodes = nodes(json, maxDepth);
            } else {
                json.skipValue();
            }
        }
        return new FilterNode(operation, key, comparison, value, values, nodes);
    }

    private static List<String> values(JsonInput json) throws MalformedJsonException {
        if (!json.openArray(VALUES)) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        while (json.nextElement()) {
            values.add(json.string(VALUES));
        }
        return values;
    }

    private static List<FilterNode> nodes(JsonInput json, int maxDepth) throws MalformedJsonException {
        if (!json.openArray(NODES)) {
            return List.of();
        }
        List<FilterNode> nodes = new ArrayList<>();
        while (json.nextElement()) {
            if (!json.openObject(NODES)) {
                throw new MalformedJsonException("A node of a tags filter must not be null.");
            }
            nodes.add(readFields(json, maxDepth - 1));
        }
        return nodes;
    }

    /**
     * Writes a field that holds a filter.
     *
     * @param out output inside an object
     * @param field name of the field
     * @param filter filter to write
     */
    public static void write(WireWriter out, JsonField field, TagsFilter filter) {
        JsonOutput.openObject(out, field);
        writeFields(out, filter);
        JsonOutput.close(out);
    }

    private static void writeFields(WireWriter out, TagsFilter filter) {
        text(out, OPERATION, filter.operation());
        text(out, KEY, filter.key());
        text(out, COMPARISON, filter.comparison());
        text(out, VALUE, filter.value());
        if (!filter.values().isEmpty()) {
            JsonOutput.openArray(out, VALUES);
            for (String value : filter.values()) {
                JsonOutput.comma(out);
                JsonOutput.string(out, value);
            }
            JsonOutput.closeArray(out);
        }
        if (!filter.nodes().isEmpty()) {
            JsonOutput.openArray(out, NODES);
            for (TagsFilter node : filter.nodes()) {
                JsonOutput.comma(out);
                JsonOutput.open(out);
                writeFields(out, node);
                JsonOutput.close(out);
            }
            JsonOutput.closeArray(out);
        }
    }

    private static void text(WireWriter out, JsonField field, String text) {
        if (!text.isEmpty()) {
            JsonOutput.string(out, field, text);
        }
    }
}
