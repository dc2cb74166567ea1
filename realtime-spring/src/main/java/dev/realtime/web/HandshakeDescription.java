package dev.realtime.web;

import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Facts about the handshake that a connection keeps. There is one for each open connection, so names of headers are
 * shared, and nothing is kept twice.
 */
public final class HandshakeDescription {

    /** Parameter of the query that holds commands or a connect request. */
    private static final String CONNECT_REQUEST = "cf_connect";

    private static final int MAX_SHARED_NAMES = 256;

    private static final int MAX_SHARED_NAME_LENGTH = 64;

    /** Names of headers as received, and in lower case. The bound fits what all clients of a server usually send. */
    private static final Map<String, String> SHARED_NAMES = new ConcurrentHashMap<>();

    private static final MultiValueMap<String, String> NO_QUERY =
            CollectionUtils.unmodifiableMultiValueMap(CollectionUtils.toMultiValueMap(Map.of()));

    private final Map<String, List<String>> headers;

    private final String uri;

    private final String remoteAddress;

    private final MultiValueMap<String, String> query;

    /**
     * Copies what the connection keeps.
     *
     * @param remoteAddress address of the client; {@code null} if it is unknown
     */
    public HandshakeDescription(HttpHeaders headers, URI uri, @Nullable InetSocketAddress remoteAddress) {
        this.headers = copy(headers);
        this.uri = withoutConnectRequest(uri);
        this.remoteAddress = text(remoteAddress);
        this.query = query(uri);
    }

    /** Returns whether the first parameter of this name in the query has this value. */
    public boolean asksFor(String name, String value) {
        return value.equals(query.getFirst(name));
    }

    /**
     * Returns the description of a WebSocket.
     *
     * @param principal authenticated visitor; {@code null} for none
     */
    public TransportDescription describe(@Nullable Principal principal) {
        return describe(
                "websocket",
                asksFor("cf_ws_frame_ping_pong", "true")
                        ? TransportCapabilities.WEBSOCKET_WITH_NATIVE_PING
                        : TransportCapabilities.WEBSOCKET,
                principal);
    }

    /**
     * Returns the description of a transport.
     *
     * @param name name of the transport
     * @param principal authenticated visitor; {@code null} for none
     */
    public TransportDescription describe(
            String name, TransportCapabilities capabilities, @Nullable Principal principal) {
        return new TransportDescription(name, capabilities, principal, headers, uri, remoteAddress);
    }

    /** Returns the connect request in the query; {@code null} if there is none. */
    public @Nullable String connectRequest() {
        String encoded = query.getFirst(CONNECT_REQUEST);
        return encoded == null ? null : UriUtils.decode(encoded.replace('+', ' '), StandardCharsets.UTF_8);
    }

    /** Returns the URI without the connect request, which may hold a token, and would be kept for nothing. */
    private static String withoutConnectRequest(URI uri) {
        String all = uri.toString();
        String query = uri.getRawQuery();
        if (query == null || !query.contains(CONNECT_REQUEST + '=')) {
            return all;
        }
        String rest = Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.startsWith(CONNECT_REQUEST + '='))
                .collect(Collectors.joining("&"));
        String path = all.substring(0, all.indexOf('?'));
        return rest.isEmpty() ? path : path + '?' + rest;
    }

    private static Map<String, List<String>> copy(HttpHeaders headers) {
        Map<String, List<String>> copy = new HashMap<>();
        headers.forEach((name, values) -> copy.put(lowerCase(name), List.copyOf(values)));
        return Collections.unmodifiableMap(copy);
    }

    private static String lowerCase(String name) {
        String shared = SHARED_NAMES.get(name);
        if (shared != null) {
            return shared;
        }
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (name.length() <= MAX_SHARED_NAME_LENGTH && SHARED_NAMES.size() < MAX_SHARED_NAMES) {
            SHARED_NAMES.put(name, lowerCase);
        }
        return lowerCase;
    }

    private static MultiValueMap<String, String> query(URI uri) {
        return uri.getRawQuery() == null
                ? NO_QUERY
                : UriComponentsBuilder.fromUri(uri).build().getQueryParams();
    }

    private static String text(@Nullable InetSocketAddress address) {
        if (address == null) {
            return "";
        }
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return host + ":" + address.getPort();
    }
}
