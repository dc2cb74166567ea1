package dev.realtime.webflux;

import dev.realtime.statistics.ReachedLimit;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Replies to refused handshakes. The body has the reason, for developers of clients. The log has it with the property
 * that decides, for operators: as a warning once a minute for each kind of reason that an operator can remove, at debug
 * level otherwise.
 */
public final class HandshakeRefusals {

    private static final Logger logger = LoggerFactory.getLogger(HandshakeRefusals.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MAX_VALUE_LENGTH = 200;

    private final Consumer<ReachedLimit> counter;

    private final LongSupplier nanoTime;

    /** Time of the last warning for each kind of reason. Guarded by itself. */
    private final Map<ReachedLimit, Long> warned = new EnumMap<>(ReachedLimit.class);

    /** @param counter counts refusals of this class; limits of the node count their own */
    public HandshakeRefusals(Consumer<ReachedLimit> counter) {
        this(counter, System::nanoTime);
    }

    HandshakeRefusals(Consumer<ReachedLimit> counter, LongSupplier nanoTime) {
        this.counter = counter;
        this.nanoTime = nanoTime;
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
        if (refusal.getStatusCode() == HttpStatus.FORBIDDEN) {
            counter.accept(ReachedLimit.ORIGIN);
            log(
                    ReachedLimit.ORIGIN,
                    "Origin {} was refused: the request is for {}. Set `realtime.client.allowed-origins`, or"
                            + " `server.forward-headers-strategy` behind a proxy.",
                    printable(String.valueOf(request.getHeaders().getFirst(HttpHeaders.ORIGIN))),
                    printable(String.valueOf(request.getURI().getAuthority())));
        } else if (refusal.getStatusCode() == HttpStatus.SERVICE_UNAVAILABLE) {
            log(
                    ReachedLimit.CONNECTION_LIMIT,
                    "A client was refused ({}): `realtime.client.connection-limit` or"
                            + " `realtime.client.connection-rate-limit` is reached, or the node is shutting down. Path:"
                            + " {}",
                    refusal.getStatusCode().value(),
                    printable(request.getPath().value()));
        } else {
            counter.accept(ReachedLimit.HANDSHAKE);
            String path = printable(request.getPath().value());
            if (request.getHeaders().getUpgrade() == null) {
                log(
                        ReachedLimit.HANDSHAKE,
                        "A request for {} was refused, because it is no WebSocket handshake: {}. A proxy has to pass"
                                + " the headers Upgrade and Connection on.",
                        path,
                        reason(refusal));
            } else {
                // The client is the cause, not a proxy, and it may send any number of these: no warning.
                logger.debug("A handshake for {} was refused: {}.", path, reason(refusal));
            }
        }
    }

    private void log(ReachedLimit kind, String format, Object first, Object second) {
        if (mayWarn(kind)) {
            logger.warn(format + " (Others of this kind are at debug level for a minute.)", first, second);
        } else {
            logger.debug(format, first, second);
        }
    }

    private boolean mayWarn(ReachedLimit kind) {
        long now = nanoTime.getAsLong();
        synchronized (warned) {
            Long last = warned.get(kind);
            if (last != null && now - last < QUIET_NANOS) {
                return false;
            }
            warned.put(kind, now);
            return true;
        }
    }

    /** Returns text of a client without line breaks and shortened, so that it can be logged. */
    private static String printable(String value) {
        String safe = value.replaceAll("\\p{Cntrl}", "?");
        return safe.length() <= MAX_VALUE_LENGTH ? safe : safe.substring(0, MAX_VALUE_LENGTH) + "...";
    }
}
