package dev.realtime.webflux.stream;

import dev.realtime.webflux.EndpointMapping;
import java.util.Map;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Mapping of the path of one endpoint of this room, and nothing else. The endpoint replies to preflight requests. */
public final class RealtimeStreamMapping extends EndpointMapping {

    /** Handler of a request that was replied to. */
    private static final WebHandler HANDLED = exchange -> Mono.empty();

    private final String path;

    /**
     * @param path exact path of the endpoint
     * @param order among the handler mappings of the application
     */
    public RealtimeStreamMapping(String path, int order, WebHandler endpoint) {
        super(Map.of(path, endpoint), order);
        this.path = path;
    }

    /** Returns the path, for instance to exempt it from a rule of Spring Security. */
    public String path() {
        return path;
    }

    /**
     * Leaves the rules of CORS to the endpoint. For preflight requests Spring asks the mapping only and never calls the
     * handler, so the endpoint replies here.
     */
    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        Mono<Object> handler = getHandlerInternal(exchange);
        return CorsUtils.isPreFlightRequest(exchange.getRequest())
                ? handler.flatMap(
                        endpoint -> ((WebHandler) endpoint).handle(exchange).thenReturn(HANDLED))
                : handler;
    }
}
