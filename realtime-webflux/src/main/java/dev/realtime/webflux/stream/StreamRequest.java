package dev.realtime.webflux.stream;

import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.CorsHeaders;
import dev.realtime.web.stream.StreamRefusedException;
import dev.realtime.webflux.RequestBody;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Request to an endpoint of this room: its origin, its method, and the reply when it is refused. */
final class StreamRequest {

    private final ServerWebExchange exchange;

    private final RefusalLog refusals;

    StreamRequest(ServerWebExchange exchange, RefusalLog refusals) {
        this.exchange = exchange;
        this.refusals = refusals;
    }

    ServerHttpRequest request() {
        return exchange.getRequest();
    }

    @Nullable
    String header(String name) {
        return request().getHeaders().getFirst(name);
    }

    /** Reads the whole body; fails with a {@link StreamRefusedException} when it is too large or too slow. */
    Mono<byte[]> body(BodyLimits limits) {
        return RequestBody.read(
                request(),
                limits.maxBytes(),
                limits.timeout(),
                StreamRefusedException::tooLarge,
                StreamRefusedException::tooSlow);
    }

    String method() {
        return request().getMethod().name();
    }

    /**
     * Checks the page that sent the request, and lets it read the response.
     *
     * @throws StreamRefusedException if the page may not connect
     */
    void checkOrigin(OriginRule rule) throws StreamRefusedException {
        if (!rule.allows(request().getHeaders(), request().getURI())) {
            throw StreamRefusedException.foreignOrigin();
        }
        CorsHeaders.of(header(HttpHeaders.ORIGIN), header(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS))
                .forEach(exchange.getResponse().getHeaders()::set);
    }

    /** Replies to a preflight request. */
    Mono<Void> permit() {
        CorsHeaders.ofPreflight().forEach(exchange.getResponse().getHeaders()::set);
        return end(HttpStatus.NO_CONTENT);
    }

    /** Replies with a status and without a body. */
    Mono<Void> end(HttpStatus status) {
        exchange.getResponse().setStatusCode(status);
        return exchange.getResponse().setComplete();
    }

    /** Replies to a refused request with the reason, and logs it. */
    Mono<Void> refuse(StreamRefusedException refusal) {
        ServerHttpRequest request = request();
        refusals.refused(
                new HandshakeRefusal(refusal.status(), refusal.reason()),
                header(HttpHeaders.ORIGIN),
                request.getURI().getAuthority(),
                request.getPath().value(),
                true);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(refusal.status()));
        HttpHeaders headers = response.getHeaders();
        refusal.headers().forEach(headers::set);
        headers.setContentType(MediaType.TEXT_PLAIN);
        byte[] reason = refusal.reason().getBytes(StandardCharsets.US_ASCII);
        headers.setContentLength(reason.length);
        DataBuffer body = response.bufferFactory().wrap(reason);
        return response.writeWith(Mono.just(body));
    }
}
