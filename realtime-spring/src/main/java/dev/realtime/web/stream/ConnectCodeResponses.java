package dev.realtime.web.stream;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP statuses for unidirectional clients whose connect is refused, instead of a stream that begins with status 200
 * and a disconnect push. A response then begins only when the connect request is decided.
 *
 * @param enabled whether connects are decided before the response begins
 * @param statuses codes of errors and disconnects with their statuses; other codes remain a push
 */
public record ConnectCodeResponses(boolean enabled, Map<Integer, Integer> statuses) {

    /** Every refused connect is a push. */
    public static final ConnectCodeResponses NONE = new ConnectCodeResponses(false, Map.of());

    public ConnectCodeResponses {
        statuses = Map.copyOf(statuses);
    }

    /**
     * Returns the status in the place of a disconnect push; {@code null} for a push.
     *
     * @param error error of the connect, which is more precise than the disconnect that replaces it; {@code null} if
     *     the connect failed with a disconnect
     */
    @Nullable
    Integer statusOf(Disconnect disconnect, @Nullable ClientError error) {
        if (!enabled) {
            return null;
        }
        Integer status = error == null ? null : statuses.get(error.code());
        return status == null ? statuses.get(disconnect.code()) : status;
    }
}
