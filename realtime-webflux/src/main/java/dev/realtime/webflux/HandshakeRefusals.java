package dev.realtime.webflux;

import dev.realtime.statistics.ReachedLimit;
import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.RefusalLog;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Replies to refused handshakes. The body has the reason, for developers of clients, and {@link RefusalLog} has it. */
public final class HandshakeRefusals {

    private final RefusalLog log;

    /** @param counter counts refusals of this class; limits of the node count their own */
    public HandshakeRefusals(Consumer<ReachedLimit> counter) {
        this(counter, System::nanoTime);
    }

    HandshakeRefusals(Consumer<ReachedLimit> counter, LongSupplier nanoTime) {
        this.log = new RefusalLog(counter, nanoTime);
    }

    Mono<Void> answer(ServerWebExchange exchange, ResponseStatusException refusal) {
        log(exchange.getRequest(), refusal);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(refusal.getStatusCode());
        response.getHeaders().putAll(refusal.getHeaders());
        response.getHeaders().setContentType(MediaType.TEXT_PLAIN);
        DataBuffer body = response.bufferFactory().wrap(reason(refusal).getBytes(StandardCharsets.US_ASCII));
        return response.writeWith(Mono.just(body));
    }

    private static String reason(ResponseStatusException refusal) {
        String reason = refusal.getReason();
        return reason == null ? "The method must be GET" : reason;
    }

    private void log(ServerHttpRequest request, ResponseStatusException refusal) {
        log.refused(
                new HandshakeRefusal(refusal.getStatusCode().value(), reason(refusal)),
                request.getHeaders().getFirst(HttpHeaders.ORIGIN),
                request.getURI().getAuthority(),
                request.getPath().value(),
                request.getHeaders().getUpgrade() != null);
    }
}
