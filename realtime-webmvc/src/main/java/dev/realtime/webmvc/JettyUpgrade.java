package dev.realtime.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.jspecify.annotations.Nullable;

/** Upgrade by Jetty's own WebSocket server. */
final class JettyUpgrade {

    private JettyUpgrade() {}

    static void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String subprotocol,
            ServletTransport transport)
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
                    upgradeResponse.setExtensions(List.of());
                    return new JettySocket(transport);
                },
                request,
                response);
        if (!upgraded && !response.isCommitted()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }
}
