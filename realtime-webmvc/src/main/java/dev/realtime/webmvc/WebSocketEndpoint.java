package dev.realtime.webmvc;

import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.HandshakeRequest;
import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.RefusalLog;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.HttpRequestHandler;

/** Handshake of the endpoint on servlet containers. */
final class WebSocketEndpoint implements HttpRequestHandler {

    private final OpeningHandshake handshake;

    private final RefusalLog refusals;

    private final RealtimeWebSocketHandler handler;

    WebSocketEndpoint(OpeningHandshake handshake, RefusalLog refusals, RealtimeWebSocketHandler handler) {
        this.handshake = handshake;
        this.refusals = refusals;
        this.handler = handler;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Container container = Container.of(request);
        boolean uriIsValid = isValid(request.getQueryString());
        ServletServerHttpRequest http = new ServletServerHttpRequest(request);
        URI uri = uriIsValid ? http.getURI() : URI.create(request.getRequestURI());
        HandshakeRefusal refusal = handshake.refusal(new HandshakeRequest(
                request.getMethod(),
                container.httpVersion(request),
                uri,
                uriIsValid,
                container.upgradesFromLists(),
                http.getHeaders()));
        if (refusal == null) {
            handler.upgrade(container, request, response, http.getHeaders(), uri);
        } else {
            refuse(request, response, refusal, http.getHeaders(), uri);
        }
    }

    private void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            HandshakeRefusal refusal,
            HttpHeaders headers,
            URI uri)
            throws IOException {
        refusals.refused(
                refusal,
                headers.getFirst(HttpHeaders.ORIGIN),
                uri.getAuthority(),
                request.getRequestURI(),
                headers.getUpgrade() != null);
        response.setStatus(refusal.status());
        if (refusal.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            response.setHeader(HttpHeaders.ALLOW, "GET");
        }
        byte[] body = refusal.reason().getBytes(StandardCharsets.US_ASCII);
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static boolean isValid(@Nullable String query) {
        try {
            return query == null || new URI("http://localhost/?" + query).getRawQuery() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
