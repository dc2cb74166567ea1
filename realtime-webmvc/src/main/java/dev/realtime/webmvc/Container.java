package dev.realtime.webmvc;

import dev.realtime.web.MessageCompression;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Container that serves a request, known by the type of the request under all wrappers of filters. Each is used by its
 * own interface: that of Jakarta WebSocket can neither hold a client back nor send bytes that were encoded before.
 */
enum Container {
    TOMCAT {
        @Override
        boolean upgradesFromLists() {
            return true;
        }

        /** Returns a version without WebSockets on streams of HTTP/2, which Tomcat does not have. */
        @Override
        String httpVersion(HttpServletRequest request) {
            return request.getProtocol().startsWith("HTTP/2") ? "HTTP/1.1" : request.getProtocol();
        }

        @Override
        void upgrade(
                HttpServletRequest request,
                HttpServletResponse response,
                @Nullable String subprotocol,
                ServletTransport transport,
                @Nullable MessageCompression compression)
                throws ServletException, IOException {
            TomcatUpgrade.upgrade(request, response, subprotocol, transport, compression);
        }
    },
    JETTY {
        @Override
        boolean upgradesFromLists() {
            return false;
        }

        @Override
        String httpVersion(HttpServletRequest request) {
            return request.getProtocol();
        }

        @Override
        void upgrade(
                HttpServletRequest request,
                HttpServletResponse response,
                @Nullable String subprotocol,
                ServletTransport transport,
                @Nullable MessageCompression compression)
                throws IOException {
            JettyUpgrade.upgrade(request, response, subprotocol, transport, compression != null);
        }
    };

    static Container of(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        String type = inner.getClass().getName();
        if (type.startsWith("org.apache.catalina.")) {
            return TOMCAT;
        }
        if (type.startsWith("org.eclipse.jetty.")) {
            return JETTY;
        }
        throw new IllegalStateException("WebSockets need Tomcat or Jetty, but the request is of " + type);
    }

    /** Returns whether it finds {@code websocket} in an {@code Upgrade} header that names other protocols. */
    abstract boolean upgradesFromLists();

    abstract String httpVersion(HttpServletRequest request);

    /**
     * Accepts the handshake; the transport begins when the container has switched the connection over.
     *
     * @param compression to be used with the client; null for none. Jetty has its own
     */
    abstract void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String subprotocol,
            ServletTransport transport,
            @Nullable MessageCompression compression)
            throws ServletException, IOException;
}
