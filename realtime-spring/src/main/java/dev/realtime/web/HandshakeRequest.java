package dev.realtime.web;

import java.net.URI;
import org.springframework.http.HttpHeaders;

/**
 * Request for an endpoint as the application sees it.
 *
 * @param method method, in upper case
 * @param httpVersion as on the request line, such as {@code HTTP/1.1}
 * @param uri URI with scheme and authority as far as they are known
 * @param uriIsValid whether the server can make a {@link URI} of the request for its own session
 * @param upgradesFromLists whether the server finds {@code websocket} in an {@code Upgrade} header that names other
 *     protocols
 * @param headers headers of the request; not copied
 */
public record HandshakeRequest(
        String method,
        String httpVersion,
        URI uri,
        boolean uriIsValid,
        boolean upgradesFromLists,
        HttpHeaders headers) {

    /** Returns whether it opens a WebSocket on a stream of HTTP/2 (RFC 8441), without upgrade headers and key. */
    boolean isConnect() {
        return "CONNECT".equals(method) && httpVersion.startsWith("HTTP/2");
    }

    boolean namesWebSocket() {
        return upgradesFromLists
                ? names(HttpHeaders.UPGRADE, "websocket")
                : "websocket".equalsIgnoreCase(headers.getUpgrade());
    }

    /** Returns whether a list that may span several lines has this entry, in any letter case. */
    boolean names(String list, String entry) {
        for (String line : headers.getOrEmpty(list)) {
            int start = 0;
            while (start <= line.length()) {
                int comma = line.indexOf(',', start);
                int end = comma < 0 ? line.length() : comma;
                if (line.substring(start, end).trim().equalsIgnoreCase(entry)) {
                    return true;
                }
                start = end + 1;
            }
        }
        return false;
    }
}
