package dev.realtime.webflux;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.web.server.WebHandler;

/**
 * Maps the path of the WebSocket endpoint, and nothing else, to {@link RealtimeWebSocketHandler}. It brings a handshake
 * of its own: whatever the application has set up for its own sockets stays as it is.
 */
public final class RealtimeWebSocketMapping extends EndpointMapping {

    /** Where the endpoint is if nothing else is configured. */
    public static final String DEFAULT_PATH = "/connection/websocket";

    /**
     * @param path exact path of the endpoint
     * @param order among the handler mappings of the application
     * @param admission whether the node takes on another client now, usually {@code RealtimeNode::admits}; refused ones
     *     get status 503
     * @param refusals replies to handshakes that are refused
     */
    public RealtimeWebSocketMapping(
            String path,
            int order,
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            BooleanSupplier admission,
            HandshakeRefusals refusals,
            WebSocketOptions options) {
        super(Map.of(path, endpoint(handler, originRule, admission, refusals, options)), order);
    }

    private static WebHandler endpoint(
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            BooleanSupplier admission,
            HandshakeRefusals refusals,
            WebSocketOptions options) {
        HandshakeService handshake =
                new HandshakeService(originRule, admission, refusals, new ServerUpgradeStrategy(options));
        return exchange -> handshake.handleRequest(exchange, handler);
    }
}
