package dev.realtime.webflux;

import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.web.server.WebHandler;

/**
 * Mapping of the path of the WebSocket endpoint, and nothing else, to {@link RealtimeWebSocketHandler}. It has its own
 * handshake, so the set-up of the application's other sockets is not affected.
 */
public final class RealtimeWebSocketMapping extends EndpointMapping {

    /** Default path of the endpoint. */
    public static final String DEFAULT_PATH = "/connection/websocket";

    /**
     * @param path exact path of the endpoint
     * @param order among the handler mappings of the application
     * @param admission whether the node accepts another client now, usually {@code RealtimeNode::admits}; status 503 if
     *     not
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
        HandshakeService handshake = new HandshakeService(
                new OpeningHandshake(originRule, admission), refusals, new ServerUpgradeStrategy(options));
        return exchange -> handshake.handleRequest(exchange, handler);
    }
}
