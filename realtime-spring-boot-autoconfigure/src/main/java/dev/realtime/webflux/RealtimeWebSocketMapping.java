package dev.realtime.webflux;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Maps the path of the WebSocket endpoint, and nothing else, to {@link RealtimeWebSocketHandler}. It brings a handshake of its
 * own: whatever the application has set up for its own sockets stays as it is.
 */
public final class RealtimeWebSocketMapping extends SimpleUrlHandlerMapping {

    /** Where the endpoint is if nothing else is configured. */
    public static final String DEFAULT_PATH = "/connection/websocket";

    /** Before annotated controllers (0), router functions (-1) and static resources of the application. */
    public static final int DEFAULT_ORDER = -2;

    /**
     * @param path exact path of the endpoint
     * @param order among the handler mappings of the application
     * @param admission whether the node takes on another client now, usually {@code RealtimeNode::admits}; refused ones get
     *     status 503
     */
    public RealtimeWebSocketMapping(
            String path,
            int order,
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            BooleanSupplier admission,
            WebSocketOptions options) {
        super(Map.of(path, endpoint(handler, originRule, admission, options)), order);
    }

    /**
     * Nothing for requests that another application context answers: those on a management port of its own, whose context
     * finds the mappings of the application too, but not its security.
     */
    @Override
    public Mono<Object> getHandlerInternal(ServerWebExchange exchange) {
        ApplicationContext answering = exchange.getApplicationContext();
        return answering == null || answering == getApplicationContext()
                ? super.getHandlerInternal(exchange)
                : Mono.empty();
    }

    private static WebHandler endpoint(
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            BooleanSupplier admission,
            WebSocketOptions options) {
        HandshakeService handshake = new HandshakeService(originRule, admission, new ServerUpgradeStrategy(options));
        return exchange -> handshake.handleRequest(exchange, handler);
    }
}
