package dev.realtime.webmvc;

import dev.realtime.failure.GuardedExecutors;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.DeflateOffers;
import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.Subprotocols;
import dev.realtime.web.Visitor;
import dev.realtime.web.WebSocketOptions;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Bidirectional WebSocket endpoint, which passes each connection to the node as a {@link Transport}.
 *
 * <p>The wire form is that of {@link Subprotocols}. With {@code cf_ws_frame_ping_pong=true} in the query, ping frames
 * replace the protocol's own pings. The principal is that of the request.
 */
public final class RealtimeWebSocketHandler implements AutoCloseable {

    private final Function<Transport, TransportListener> node;

    private final WebSocketOptions options;

    /** Executors of the connections, which no failure ends. Threads start with the first connection. */
    private final EventExecutorGroup executors = new GuardedExecutors(
            NettyRuntime.availableProcessors(), new DefaultThreadFactory("realtime-websocket", true));

    private final MessageCompression compression;

    /** Connections that have not ended. */
    private final Set<ServletTransport> open = ConcurrentHashMap.newKeySet();

    /** @param node accepts clients, usually {@code RealtimeNode::accept}; called on the executor of the transport */
    public RealtimeWebSocketHandler(Function<Transport, TransportListener> node, WebSocketOptions options) {
        this.node = node;
        this.options = options;
        this.compression = new MessageCompression(options.compressionMinSize());
    }

    void upgrade(
            Container container, HttpServletRequest request, HttpServletResponse response, HttpHeaders headers, URI uri)
            throws ServletException, IOException {
        // Copied, so that nothing else of the handshake stays in memory as long as the connection.
        HandshakeDescription description = new HandshakeDescription(headers, uri, remoteAddress(request));
        String subprotocol = Subprotocols.choose(headers);
        ServletTransport transport = new ServletTransport(
                executors.next(),
                Subprotocols.wireForm(subprotocol, description),
                description.describe(Visitor.authenticated(request.getUserPrincipal())),
                options,
                node,
                open);
        boolean compress =
                options.compression() && DeflateOffers.acceptable(headers.getOrEmpty("Sec-WebSocket-Extensions"));
        container.upgrade(request, response, subprotocol, transport, compress ? compression : null);
    }

    private static @Nullable InetSocketAddress remoteAddress(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        return address == null ? null : InetSocketAddress.createUnresolved(address, request.getRemotePort());
    }

    /** Cuts the connections that are still open, and ends the threads. */
    @Override
    public void close() {
        open.forEach(ServletTransport::cut);
        executors.shutdownGracefully();
    }
}
