package dev.realtime.webmvc;

import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.HandshakeRequest;
import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.RefusalLog;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
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
        ClientRequest client = ClientRequest.of(request);
        HandshakeRefusal refusal = handshake.refusal(new HandshakeRequest(
                request.getMethod(),
                container.httpVersion(request),
                client.uri(),
                client.uriIsValid(),
                container.upgradesFromLists(),
                client.headers()));
        if (refusal == null) {
            handler.upgrade(container, client, response);
        } else {
            refuse(client, response, refusal);
        }
    }

    private void refuse(ClientRequest client, HttpServletResponse response, HandshakeRefusal refusal)
            throws IOException {
        refusals.refused(
                refusal,
                client.headers().getFirst(HttpHeaders.ORIGIN),
                client.uri().getAuthority(),
                client.request().getRequestURI(),
                client.headers().getUpgrade() != null);
        response.setStatus(refusal.status());
        if (refusal.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            response.setHeader(HttpHeaders.ALLOW, "GET");
        }
        byte[] body = refusal.reason().getBytes(StandardCharsets.US_ASCII);
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
