package dev.realtime.httpapi.field;

import static dev.realtime.httpapi.field.ApiField.EPOCH;
import static dev.realtime.httpapi.field.ApiField.OFFSET;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/** Positions in requests. */
public final class StreamPositions {

    private StreamPositions() {}

    /** The position in the current field; {@code null} for {@code null}. */
    public static @Nullable StreamPosition read(JsonInput json, JsonField field) throws MalformedJsonException {
        if (!json.openObject(field)) {
            return null;
        }
        long offset = 0;
        String epoch = "";
        while (json.nextField()) {
            if (json.nameIs(OFFSET)) {
                offset = json.uint64(OFFSET);
            } else if (json.nameIs(EPOCH)) {
                epoch = json.string(EPOCH);
            } else {
                json.skipValue();
            }
        }
        return new StreamPosition(offset, epoch);
    }
}
