package dev.realtime.webflux;

import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.HandshakeRequest;
import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.Subprotocols;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Handshake of this endpoint on reactive servers; other sockets of the application keep their own service. In addition
 * to what Spring's service does, it applies {@link OpeningHandshake}, and releases the exchange when the connection is
 * open.
 */
final class HandshakeService implements WebSocketService {

    /** Method that opens a WebSocket on a stream of HTTP/2 (RFC 8441), without upgrade headers and key. */
    private static final HttpMethod CONNECT = HttpMethod.valueOf("CONNECT");

    private final OpeningHandshake handshake;

    private final HandshakeRefusals refusals;

    private final RequestUpgradeStrategy upgradeStrategy;

    HandshakeService(OpeningHandshake handshake, HandshakeRefusals refusals, RequestUpgradeStrategy upgradeStrategy) {
        this.handshake = handshake;
        this.refusals = refusals;
        this.upgradeStrategy = upgradeStrategy;
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        ServerHttpRequest request = exchange.getRequest();
        ResponseStatusException refusal = refusal(request);
        if (refusal != null) {
            return refusals.answer(exchange, refusal);
        }
        String protocol = handler.getSubProtocols().isEmpty() ? null : Subprotocols.choose(request.getHeaders());
        return exchange.getPrincipal()
                .singleOptional()
                .flatMap(principal -> upgradeStrategy.upgrade(
                        exchange, handler, protocol, () -> handshakeInfo(exchange, principal, protocol)));
    }

    private @Nullable ResponseStatusException refusal(ServerHttpRequest request) {
        NativeRequest nativeRequest = NativeRequest.of(request);
        HandshakeRefusal refusal = handshake.refusal(new HandshakeRequest(
                request.getMethod().name(),
                nativeRequest.httpVersion(),
                request.getURI(),
                nativeRequest.uriIsValid(),
                nativeRequest.upgradesFromLists(),
                request.getHeaders()));
        if (refusal == null) {
            return null;
        }
        return refusal.status() == HttpStatus.METHOD_NOT_ALLOWED.value()
                ? new MethodNotAllowedException(request.getMethod(), Set.of(HttpMethod.GET, CONNECT))
                : new ResponseStatusException(HttpStatusCode.valueOf(refusal.status()), refusal.reason());
    }

    private static HandshakeInfo handshakeInfo(
            ServerWebExchange exchange, Optional<Principal> principal, @Nullable String protocol) {
        return new Described(exchange.getRequest(), principal, protocol, exchange.getLogPrefix());
    }

    /**
     * Handshake with the description that the connection keeps instead of headers and cookies. Upgrades change headers,
     * and some servers use the request again for the next one, so it is made before.
     */
    static final class Described extends HandshakeInfo {

        private static final MultiValueMap<String, HttpCookie> NO_COOKIES =
                CollectionUtils.unmodifiableMultiValueMap(CollectionUtils.toMultiValueMap(Map.of()));

        private final HandshakeDescription description;

        Described(
                ServerHttpRequest request,
                Optional<Principal> principal,
                @Nullable String protocol,
                @Nullable String logPrefix) {
            super(
                    request.getURI(),
                    HttpHeaders.EMPTY,
                    NO_COOKIES,
                    Mono.justOrEmpty(principal),
                    protocol,
                    request.getRemoteAddress(),
                    Map.of(),
                    logPrefix);
            this.description =
                    new HandshakeDescription(request.getHeaders(), request.getURI(), request.getRemoteAddress());
        }

        HandshakeDescription description() {
            return description;
        }
    }
}
