package dev.realtime.webflux;

import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/**
 * Opening handshake (RFC 6455 section 4.2) of this endpoint; other sockets of the application keep their own service.
 * In addition to what Spring's service does, it checks the origin, the versions, the key and the extensions, finds a
 * subprotocol in lists with spaces and on several lines, and releases the exchange when the connection is open.
 *
 * <p>Every server upgrades the requests that pass here. A request to which a server would reply with 101 without
 * calling the handler is refused before.
 */
final class HandshakeService implements WebSocketService {

    /** Method that opens a WebSocket on a stream of HTTP/2 (RFC 8441), without upgrade headers and key. */
    private static final HttpMethod CONNECT = HttpMethod.valueOf("CONNECT");

    private static final int KEY_BYTES = 16;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \\t]*+";

    /** One extension with its parameters (RFC 6455 section 9.1). */
    private static final Pattern EXTENSION = Pattern.compile(
            "[ \\t]*+TOKEN(?:;[ \\t]*+TOKEN(?:=[ \\t]*+(?:TOKEN|\"TOKEN\"[ \\t]*+))?)*+".replace("TOKEN", TOKEN));

    private final OriginRule originRule;

    private final BooleanSupplier admission;

    private final HandshakeRefusals refusals;

    private final RequestUpgradeStrategy upgradeStrategy;

    /** @param admission whether the node accepts another client now; checked last */
    HandshakeService(
            OriginRule originRule,
            BooleanSupplier admission,
            HandshakeRefusals refusals,
            RequestUpgradeStrategy upgradeStrategy) {
        this.originRule = originRule;
        this.admission = admission;
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
        String protocol = chooseProtocol(request.getHeaders(), handler.getSubProtocols());
        return exchange.getPrincipal()
                .singleOptional()
                .flatMap(principal -> upgradeStrategy.upgrade(
                        exchange, handler, protocol, () -> handshakeInfo(exchange, principal, protocol)));
    }

    private @Nullable ResponseStatusException refusal(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        NativeRequest nativeRequest = NativeRequest.of(request);
        boolean connect = CONNECT.equals(request.getMethod())
                && nativeRequest.httpVersion().startsWith("HTTP/2");
        if (!connect && !HttpMethod.GET.equals(request.getMethod())) {
            return new MethodNotAllowedException(request.getMethod(), Set.of(HttpMethod.GET, CONNECT));
        }
        if (nativeRequest.httpVersion().equals("HTTP/1.0")) {
            return new ServerWebInputException("The version of HTTP must be 1.1 or higher");
        }
        if (!nativeRequest.uriIsValid()) {
            return new ServerWebInputException("The query must be percent-encoded");
        }
        boolean upgrade = nativeRequest.upgradesFromLists()
                ? names(headers, HttpHeaders.UPGRADE, "websocket")
                : "websocket".equalsIgnoreCase(headers.getUpgrade());
        if (!connect && !upgrade) {
            return new ServerWebInputException("The header Upgrade must name websocket");
        }
        if (!connect && !names(headers, HttpHeaders.CONNECTION, "upgrade")) {
            return new ServerWebInputException("The header Connection must name upgrade");
        }
        if (!connect && (headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING))) {
            return new ServerWebInputException("A handshake must not have a body");
        }
        if (!"13".equals(headers.getFirst("Sec-WebSocket-Version"))) {
            return new ServerWebInputException("The header Sec-WebSocket-Version must be 13");
        }
        if (!connect && !isKey(headers.getFirst("Sec-WebSocket-Key"))) {
            return new ServerWebInputException("The header Sec-WebSocket-Key must be 16 bytes in base64");
        }
        if (!areExtensions(headers.getOrEmpty("Sec-WebSocket-Extensions"))) {
            return new ServerWebInputException("The header Sec-WebSocket-Extensions must be a list of extensions");
        }
        if (!originRule.allows(request)) {
            return new ResponseStatusException(HttpStatus.FORBIDDEN, "The origin is not allowed");
        }
        if (!admission.getAsBoolean()) {
            return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The node takes on no more clients now");
        }
        return null;
    }

    /** Returns whether a list that may span several lines has this entry, in any letter case. */
    private static boolean names(HttpHeaders headers, String list, String entry) {
        return headers.getOrEmpty(list).stream()
                .flatMap(line -> Pattern.compile(",").splitAsStream(line))
                .anyMatch(value -> value.trim().equalsIgnoreCase(entry));
    }

    /**
     * Checks a list before the server does, because servers log an invalid list with a stack trace. An empty entry is
     * valid in lists of HTTP.
     */
    private static boolean areExtensions(List<String> lines) {
        for (String line : lines) {
            for (String extension : line.split(",", -1)) {
                if (!extension.isBlank() && !EXTENSION.matcher(extension).matches()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the first offered subprotocol that is known, or null, with which the handshake continues without one. */
    private static @Nullable String chooseProtocol(HttpHeaders headers, List<String> known) {
        for (String line : headers.getOrEmpty("Sec-WebSocket-Protocol")) {
            for (String protocol : StringUtils.tokenizeToStringArray(line, ",")) {
                if (known.contains(protocol)) {
                    return protocol;
                }
            }
        }
        return null;
    }

    private static HandshakeInfo handshakeInfo(
            ServerWebExchange exchange, Optional<Principal> principal, @Nullable String protocol) {
        ServerHttpRequest request = exchange.getRequest();
        return new HandshakeInfo(
                request.getURI(),
                HttpHeaders.copyOf(request.getHeaders()),
                request.getCookies(),
                Mono.justOrEmpty(principal),
                protocol,
                request.getRemoteAddress(),
                Map.of(),
                exchange.getLogPrefix());
    }
}
