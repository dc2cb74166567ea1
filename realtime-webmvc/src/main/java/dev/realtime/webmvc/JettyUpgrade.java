package dev.realtime.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.jspecify.annotations.Nullable;

/** Upgrade by Jetty's own WebSocket server. */
final class JettyUpgrade {

    /**
     * Parameters with which Jetty keeps no compressor for a connection. It keeps the window of what the client sends:
     * if the client were to keep none, Jetty would drop the window at a ping between fragments too.
     */
    private static final String COMPRESSION = "permessage-deflate; server_no_context_takeover";

    private JettyUpgrade() {}

    static void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String subprotocol,
            ServletTransport transport,
            boolean compress)
            throws IOException {
        JettyWebSocketServerContainer container =
                JettyWebSocketServerContainer.getContainer(request.getServletContext());
        if (container == null) {
            throw new IllegalStateException(
                    "The servlet context has no WebSocket container of Jetty. Spring Boot adds it"
                            + " if jetty-ee11-websocket-jetty-server is present; otherwise call"
                            + " JettyWebSocketServletContainerInitializer.configure.");
        }
        boolean upgraded = container.upgrade(
                (upgradeRequest, upgradeResponse) -> {
                    if (subprotocol != null) {
                        upgradeResponse.setAcceptedSubProtocol(subprotocol);
                    }
                    upgradeResponse.setExtensions(compress ? List.of(ExtensionConfig.parse(COMPRESSION)) : List.of());
                    return new JettySocket(transport);
                },
                request,
                response);
        if (!upgraded && !response.isCommitted()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }
}
