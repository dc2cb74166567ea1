package dev.realtime.webmvc;

import dev.realtime.failure.GuardedExecutors;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.DeflateOffers;
import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.MessageCompression;
import dev.realtime.web.Subprotocols;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.UniWebSocketTransport;
import dev.realtime.web.Visitor;
import dev.realtime.web.WebSocketOptions;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket endpoint, bidirectional unless it is made for unidirectional clients, which passes each connection to the
 * node as a {@link Transport}.
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

    /** Null if clients are bidirectional. */
    private final @Nullable Unidirectional unidirectional;

    /** @param node accepts clients, usually {@code RealtimeNode::accept}; called on the executor of the transport */
    public RealtimeWebSocketHandler(Function<Transport, TransportListener> node, WebSocketOptions options) {
        this(node, options, null);
    }

    private RealtimeWebSocketHandler(
            Function<Transport, TransportListener> node,
            WebSocketOptions options,
            @Nullable Unidirectional unidirectional) {
        this.node = node;
        this.options = options;
        this.compression = new MessageCompression(options.compressionMinSize());
        this.unidirectional = unidirectional;
    }

    /** Returns a handler of clients that get bare pushes in JSON and send nothing but their connect request. */
    static RealtimeWebSocketHandler unidirectional(
            Function<Transport, TransportListener> node,
            WebSocketOptions options,
            UniWebSocketOptions uniOptions,
            ProtocolLimits limits) {
        return new RealtimeWebSocketHandler(node, options, new Unidirectional(uniOptions, limits));
    }

    void upgrade(Container container, ClientRequest client, HttpServletResponse response)
            throws ServletException, IOException {
        // Copied, so that nothing else of the handshake stays in memory as long as the connection.
        HandshakeDescription description =
                new HandshakeDescription(client.headers(), client.uri(), client.remoteAddress());
        Principal visitor = Visitor.authenticated(client.request().getUserPrincipal());
        Unidirectional uni = unidirectional;
        String subprotocol = uni == null ? Subprotocols.choose(client.headers()) : null;
        ServletTransport transport = new ServletTransport(
                executors.next(),
                uni == null ? Subprotocols.wireForm(subprotocol, description) : WireForm.UNI_JSON_WEBSOCKET,
                uni == null
                        ? description.describe(visitor)
                        : description.describe(Unidirectional.NAME, TransportCapabilities.UNIDIRECTIONAL, visitor),
                options,
                uni == null ? node : uni.accepting(node, description),
                open);
        boolean compress = options.compression()
                && DeflateOffers.acceptable(client.headers().getOrEmpty("Sec-WebSocket-Extensions"));
        container.upgrade(client.request(), response, subprotocol, transport, compress ? compression : null);
    }

    /** Clients that send nothing but their connect request. */
    private record Unidirectional(UniWebSocketOptions options, ProtocolLimits limits) {

        static final String NAME = "uni_websocket";

        Function<Transport, TransportListener> accepting(
                Function<Transport, TransportListener> node, HandshakeDescription description) {
            String connect = description.connectRequest();
            return socket -> UniWebSocketTransport.open(socket, node, connect, options, limits);
        }
    }

    /** Cuts the connections that are still open, and ends the threads. */
    @Override
    public void close() {
        open.forEach(ServletTransport::cut);
        executors.shutdownGracefully();
    }
}
