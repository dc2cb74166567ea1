package dev.realtime.webflux;

import dev.realtime.failure.GuardedExecutors;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
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
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * WebSocket endpoint, bidirectional unless it is made for unidirectional clients, which passes each session to the node
 * as a {@link Transport}.
 *
 * <p>The wire form is that of {@link Subprotocols}. With {@code cf_ws_frame_ping_pong=true} in the query, ping frames
 * replace the protocol's own pings.
 *
 * <p>Sessions opened through {@link RealtimeWebSocketMapping} on Reactor Netty are served on their channel, all others
 * through Spring's session: the same handler works under a mapping of the application, with its usual handshake, too.
 */
public final class RealtimeWebSocketHandler implements WebSocketHandler, AutoCloseable {

    /** Sessions that may be closed at the same time; more of them wait, without a place in the node. */
    private static final int CLOSERS = 32;

    private final Function<Transport, TransportListener> node;

    private final WebSocketOptions options;

    /**
     * Executors of connections without an event loop, which no failure ends. Threads start with the first connection.
     */
    private final EventExecutorGroup executors = new GuardedExecutors(
            NettyRuntime.availableProcessors(), new DefaultThreadFactory("realtime-websocket", true));

    /** Threads on which sessions of servlet containers are closed, since that blocks. They start when one is. */
    private final ThreadPoolExecutor closers = closers();

    private final Scheduler closing = Schedulers.fromExecutor(closers);

    /** Null if messages are never compressed. */
    private final @Nullable MessageCompression compression;

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
        this.compression = options.compression() ? new MessageCompression(options.compressionMinSize()) : null;
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

    private static ThreadPoolExecutor closers() {
        ThreadPoolExecutor closers = new ThreadPoolExecutor(
                CLOSERS,
                CLOSERS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("realtime-websocket-close", true));
        closers.allowCoreThreadTimeOut(true);
        return closers;
    }

    @Override
    public List<String> getSubProtocols() {
        return unidirectional == null ? Subprotocols.KNOWN : List.of();
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        return handle(
                session.getHandshakeInfo(),
                (wireForm, transport, options, compression, accepting) -> SessionTransport.serve(
                        session, executors.next(), closing, wireForm, transport, options, accepting));
    }

    /** Handles a client whose connection is served in another way than by its session. */
    Mono<Void> handle(HandshakeInfo handshake, Serving serving) {
        // Nothing else of the handshake stays in memory as long as the connection.
        HandshakeDescription description = handshake instanceof HandshakeService.Described described
                ? described.description()
                : new HandshakeDescription(handshake.getHeaders(), handshake.getUri(), handshake.getRemoteAddress());
        Unidirectional uni = unidirectional;
        WireForm wireForm = uni == null
                ? Subprotocols.wireForm(handshake.getSubProtocol(), description)
                : WireForm.UNI_JSON_WEBSOCKET;
        Function<Transport, TransportListener> accepting = uni == null ? node : uni.accepting(node, description);
        Mono<Optional<Principal>> principal = handshake.getPrincipal().singleOptional();
        return principal.flatMap(visitor -> {
            Principal authenticated = Visitor.authenticated(visitor.orElse(null));
            TransportDescription transport = uni == null
                    ? description.describe(authenticated)
                    : description.describe(Unidirectional.NAME, TransportCapabilities.UNIDIRECTIONAL, authenticated);
            return serving.serve(wireForm, transport, options, compression, accepting);
        });
    }

    /** Ends the threads of sessions on other servers than Reactor Netty. */
    @Override
    public void close() {
        executors.shutdownGracefully().addListener(ended -> closers.shutdown());
    }

    /** Way to serve one client, until its connection has ended. Without types of a server, which may be missing. */
    interface Serving {

        /** @param compression compression that is used if it was negotiated; {@code null} for none */
        Mono<Void> serve(
                WireForm wireForm,
                TransportDescription description,
                WebSocketOptions options,
                @Nullable MessageCompression compression,
                Function<Transport, TransportListener> node);
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
}
