package dev.realtime.webflux.stream;

import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.Visitor;
import dev.realtime.web.stream.ConnectInput;
import dev.realtime.web.stream.EventIds;
import dev.realtime.web.stream.StreamClient;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamRefusedException;
import dev.realtime.web.stream.StreamRules;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Endpoint that opens streams of one kind. */
public final class StreamEndpoint implements WebHandler {

    private final StreamRules rules;

    private final OriginRule originRule;

    private final StreamConnector connector;

    private final RefusalLog refusals;

    public StreamEndpoint(StreamRules rules, OriginRule originRule, StreamConnector connector, RefusalLog refusals) {
        this.rules = rules;
        this.originRule = originRule;
        this.connector = connector;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        StreamRequest request = new StreamRequest(exchange, refusals);
        try {
            request.checkOrigin(originRule);
            if (rules.isPreflight(request.method())) {
                return request.permit();
            }
            rules.checkMethod(request.method());
            WireForm form = rules.kind().wireForm(request.header(HttpHeaders.CONTENT_TYPE));
            return input(request, form)
                    .flatMap(input -> connect(exchange, form, input))
                    .onErrorResume(StreamRefusedException.class, request::refuse);
        } catch (StreamRefusedException refusal) {
            return request.refuse(refusal);
        }
    }

    private Mono<byte[]> input(StreamRequest request, WireForm form) throws StreamRefusedException {
        String lastEventId = request.header(EventIds.HEADER);
        if (request.method().equals(HttpMethod.GET.name())) {
            return Mono.just(rules.inputOfQuery(form, parameter(request.request()), lastEventId));
        }
        return request.body(rules.options().body()).handle((body, sink) -> {
            try {
                sink.next(rules.inputOfBody(form, body, lastEventId));
            } catch (StreamRefusedException refusal) {
                sink.error(refusal);
            }
        });
    }

    private static @Nullable String parameter(ServerHttpRequest request) throws StreamRefusedException {
        try {
            return request.getQueryParams().getFirst(ConnectInput.PARAMETER);
        } catch (IllegalArgumentException malformed) {
            throw StreamRefusedException.malformed("The query must be percent-encoded");
        }
    }

    private Mono<Void> connect(ServerWebExchange exchange, WireForm form, byte[] input) {
        try {
            rules.checkAdmission();
        } catch (StreamRefusedException refusal) {
            return Mono.error(refusal);
        }
        ServerHttpRequest request = exchange.getRequest();
        StreamKind kind = rules.kind();
        // Copied, so that nothing else of the request stays in memory as long as the connection.
        HandshakeDescription description =
                new HandshakeDescription(request.getHeaders(), request.getURI(), request.getRemoteAddress());
        return exchange.getPrincipal()
                .singleOptional()
                .map(visitor -> description.describe(
                        kind.transportName(), kind.capabilities(), Visitor.authenticated(visitor.orElse(null))))
                .map(transport -> new StreamClient(kind, form, transport, rules.options(), input))
                .flatMap(client -> connector.connect(exchange, client));
    }
}
