package dev.realtime.httpapi.field;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.json.JsonFilters;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Filters of tags in requests. */
public final class Filters {

    private Filters() {}

    /**
     * Reads a filter, which may be wrong: then the supplier throws.
     *
     * @return supplier of the filter, of {@code null} for none; throws {@link RealtimeException} with error 107 if it
     *     is not a filter
     */
    public static Supplier<@Nullable TagsFilter> read(JsonInput json, JsonField field) throws MalformedJsonException {
        try {
            TagsFilter filter = JsonFilters.read(json, field);
            return () -> filter;
        } catch (IllegalArgumentException e) {
            return () -> {
                throw new RealtimeException(ClientError.BAD_REQUEST, String.valueOf(e.getMessage()));
            };
        }
    }
}
