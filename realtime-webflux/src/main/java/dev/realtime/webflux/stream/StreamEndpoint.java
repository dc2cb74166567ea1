package dev.realtime.webflux.stream;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.Visitor;
import dev.realtime.web.stream.ConnectInput;
import dev.realtime.web.stream.EventIds;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.web.stream.StreamRefusedException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Endpoint that opens streams of one kind. The origin, the method, the input and the node decide in this order whether
 * it does; the response begins afterwards.
 */
public final class StreamEndpoint implements WebHandler {

    private final StreamKind kind;

    private final StreamOptions options;

    private final StreamConnector connector;

    private final OriginRule originRule;

    private final ProtocolLimits limits;

    private final Predicate<String> channels;

    private final BooleanSupplier admission;

    private final RefusalLog refusals;

    /**
     * @param channels whether a channel of this name can exist
     * @param admission whether the node accepts another client now, usually {@code RealtimeNode::admits}; status 503 if
     *     not
     */
    public StreamEndpoint(
            StreamKind kind,
            StreamOptions options,
            StreamConnector connector,
            OriginRule originRule,
            ProtocolLimits limits,
            Predicate<String> channels,
            BooleanSupplier admission,
            RefusalLog refusals) {
        this.kind = kind;
        this.options = options;
        this.connector = connector;
        this.originRule = originRule;
        this.limits = limits;
        this.channels = channels;
        this.admission = admission;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        StreamRequest request = new StreamRequest(exchange, refusals);
        try {
            request.checkOrigin(originRule);
            if (kind.hasPreflight() && request.hasMethod(HttpMethod.OPTIONS)) {
                return request.permit();
            }
            checkMethod(request);
            WireForm form = kind.wireForm(request.header(HttpHeaders.CONTENT_TYPE));
            return input(request, form)
                    .flatMap(input -> connect(exchange, form, resumed(input, request)))
                    .onErrorResume(StreamRefusedException.class, request::refuse);
        } catch (StreamRefusedException refusal) {
            return request.refuse(refusal);
        }
    }

    private void checkMethod(StreamRequest request) throws StreamRefusedException {
        if (!kind.methods().contains(request.request().getMethod().name())) {
            String methods = String.join(", ", kind.methods());
            throw StreamRefusedException.method(kind.hasPreflight() ? methods + ", OPTIONS" : methods);
        }
    }

    private Mono<byte[]> input(StreamRequest request, WireForm form) throws StreamRefusedException {
        if (request.hasMethod(HttpMethod.GET)) {
            return Mono.just(ConnectInput.ofQuery(kind, form, parameter(request.request()), limits));
        }
        return request.body(options.body()).handle((body, sink) -> {
            try {
                sink.next(ConnectInput.ofBody(kind, form, body, limits));
            } catch (StreamRefusedException refusal) {
                sink.error(refusal);
            }
        });
    }

    private byte[] resumed(byte[] input, StreamRequest request) {
        return kind == StreamKind.UNI_SSE
                ? EventIds.resume(input, request.header(EventIds.HEADER), channels, limits)
                : input;
    }

    private static @Nullable String parameter(ServerHttpRequest request) throws StreamRefusedException {
        try {
            return request.getQueryParams().getFirst(ConnectInput.PARAMETER);
        } catch (IllegalArgumentException malformed) {
            throw StreamRefusedException.malformed("The query must be percent-encoded");
        }
    }

    private Mono<Void> connect(ServerWebExchange exchange, WireForm form, byte[] input) {
        if (!admission.getAsBoolean()) {
            return Mono.error(StreamRefusedException.noAdmission());
        }
        ServerHttpRequest request = exchange.getRequest();
        // Copied, so that nothing else of the request stays in memory as long as the connection.
        HandshakeDescription description =
                new HandshakeDescription(request.getHeaders(), request.getURI(), request.getRemoteAddress());
        return exchange.getPrincipal().singleOptional().flatMap(visitor -> {
            TransportDescription transport = description.describe(
                    kind.transportName(), kind.capabilities(), Visitor.authenticated(visitor.orElse(null)));
            return connector.connect(exchange, kind, form, transport, options, input);
        });
    }
}
