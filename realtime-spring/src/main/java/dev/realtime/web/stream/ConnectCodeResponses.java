package dev.realtime.web.stream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP statuses for unidirectional clients whose connect is refused, instead of a stream that begins with status 200
 * and a disconnect push. A response then begins only when the connect request is decided.
 *
 * @param enabled whether connects are decided before the response begins
 * @param statuses disconnect codes with their statuses; other codes remain a push
 */
public record ConnectCodeResponses(boolean enabled, Map<Integer, Integer> statuses) {

    /** Every refused connect is a push. */
    public static final ConnectCodeResponses NONE = new ConnectCodeResponses(false, Map.of());

    public ConnectCodeResponses {
        statuses = Map.copyOf(statuses);
    }

    /** Returns the status for a disconnect code; {@code null} for a push. */
    public @Nullable Integer statusOf(int code) {
        return enabled ? statuses.get(code) : null;
    }
}
