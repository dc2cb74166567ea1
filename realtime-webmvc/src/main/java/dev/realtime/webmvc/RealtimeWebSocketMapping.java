package dev.realtime.webmvc;

import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Mapping of the path of the WebSocket endpoint, and nothing else, to {@link RealtimeWebSocketHandler}. It has its own
 * handshake, so the set-up of the application's other sockets is not affected.
 */
public final class RealtimeWebSocketMapping extends EndpointMapping {

    /** Default path of the endpoint. */
    public static final String DEFAULT_PATH = "/connection/websocket";

    /**
     * @param path exact path of the endpoint, below the context path
     * @param order among the handler mappings of the application
     * @param admission whether the node accepts another client now, usually {@code RealtimeNode::admits}; status 503 if
     *     not
     * @param refusals log and count of handshakes that are refused
     */
    public RealtimeWebSocketMapping(
            String path,
            int order,
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            BooleanSupplier admission,
            RefusalLog refusals) {
        super(
                Map.of(path, new WebSocketEndpoint(new OpeningHandshake(originRule, admission), refusals, handler)),
                order);
    }
}
