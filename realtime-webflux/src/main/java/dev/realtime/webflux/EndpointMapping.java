package dev.realtime.webflux;

import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Mapping of exact paths to endpoints of the server, for requests to the application only. The context of a separate
 * management port also finds the mappings of the application, but not its security, so nothing is mapped there.
 */
public abstract class EndpointMapping extends SimpleUrlHandlerMapping {

    /** Before annotated controllers (0), router functions (-1) and static resources of the application. */
    public static final int DEFAULT_ORDER = -2;

    /**
     * @param endpoints by exact path
     * @param order among the handler mappings of the application
     */
    protected EndpointMapping(Map<String, ? extends WebHandler> endpoints, int order) {
        super(endpoints, order);
    }

    /** Returns nothing for requests that another application context handles. */
    @Override
    public final Mono<Object> getHandlerInternal(ServerWebExchange exchange) {
        ApplicationContext answering = exchange.getApplicationContext();
        return answering == null || answering == getApplicationContext()
                ? super.getHandlerInternal(exchange)
                : Mono.empty();
    }
}
