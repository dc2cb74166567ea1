package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.webflux.ClientEndpoint;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Handler of all requests to the port: the endpoints for clients, and status 404 for every other path. */
final class ServerEndpoints implements WebHandler {

    private final List<ClientEndpoint> endpoints;

    /** @throws ConfigurationProblemException if there is no endpoint */
    ServerEndpoints(List<ClientEndpoint> endpoints, ApplicationContext context) {
        if (endpoints.isEmpty()) {
            throw new ConfigurationProblemException(
                    "realtime.server.port",
                    "`realtime.server.port` is set but no transport is enabled, so nothing would be served there.",
                    "Remove `realtime.websocket.enabled=false`, or `realtime.server.port`.");
        }
        this.endpoints = List.copyOf(endpoints);
        // A mapping registers its paths when it gets its context.
        endpoints.forEach(endpoint -> endpoint.mapping().setApplicationContext(context));
    }

    /** Returns the names of the transports. */
    String transports() {
        return endpoints.stream().map(ClientEndpoint::transport).collect(Collectors.joining(", "));
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        return Flux.fromIterable(endpoints)
                .concatMap(endpoint -> endpoint.mapping().getHandler(exchange))
                .next()
                .defaultIfEmpty((WebHandler) ServerEndpoints::notFound)
                .flatMap(handler -> ((WebHandler) handler).handle(exchange));
    }

    private static Mono<Void> notFound(ServerWebExchange exchange) {
        exchange.getResponse().setStatusCode(HttpStatus.NOT_FOUND);
        return exchange.getResponse().setComplete();
    }
}
