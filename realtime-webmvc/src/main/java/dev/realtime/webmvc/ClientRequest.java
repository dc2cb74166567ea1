package dev.realtime.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * Request of a client as Spring describes it.
 *
 * @param headers headers of the request
 * @param uri URI with scheme and authority as far as they are known; without a query that is malformed
 * @param uriIsValid whether the query is percent-encoded
 */
public record ClientRequest(HttpServletRequest request, HttpHeaders headers, URI uri, boolean uriIsValid) {

    /** Describes a request. */
    public static ClientRequest of(HttpServletRequest request) {
        boolean uriIsValid = isValid(request.getQueryString());
        ServletServerHttpRequest http = new ServletServerHttpRequest(request);
        URI uri = uriIsValid ? http.getURI() : URI.create(request.getRequestURI());
        return new ClientRequest(request, http.getHeaders(), uri, uriIsValid);
    }

    private static boolean isValid(@Nullable String query) {
        try {
            return query == null || new URI("http://localhost/?" + query).getRawQuery() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Returns the address of the client; {@code null} if it is unknown. */
    public @Nullable InetSocketAddress remoteAddress() {
        String address = request.getRemoteAddr();
        return address == null ? null : InetSocketAddress.createUnresolved(address, request.getRemotePort());
    }
}
