package dev.realtime.autoconfigure.warmup;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.HandshakeRefusals;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import dev.realtime.webflux.RealtimeWebSocketMapping;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.result.SimpleHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * Private server of the warm-up: a second node, with a memory engine, channels and web server of its own, made of the
 * classes that serve the application's clients and of none of its beans.
 *
 * <p>It listens on the loopback address only, at a path that no one else knows. Other requests have status 404.
 */
final class PrivateServer implements AutoCloseable {

    /** Namespace with history and recovery. */
    static final String RECOVERED = "recovered";

    /** Namespace without history. */
    static final String PLAIN = "plain";

    /** Number of publications that are kept in a channel. */
    static final int HISTORY = 10;

    private static final Duration TTL = Duration.ofMinutes(1);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final int SECRET_BYTES = 16;

    private final String path = "/" + secret();

    private final LoopResources loops = LoopResources.create("realtime-warm-up", 1, true);

    private final GenericApplicationContext context = new GenericApplicationContext();

    private final RealtimeNode node;

    private final RealtimeWebSocketHandler handler;

    private @Nullable DisposableServer server;

    PrivateServer(@Nullable Tokens tokens) {
        node = node(tokens);
        handler = new RealtimeWebSocketHandler(node::accept, WebSocketOptions.DEFAULTS);
    }

    private static RealtimeNode node(@Nullable Tokens tokens) {
        Scheduler scheduler = Schedulers.newSingle("realtime-warm-up-node", true);
        Access everyone = new Access(true, true, true);
        ChannelOptions plain = ChannelOptions.builder()
                .subscribeAccess(everyone)
                .publishAccess(everyone)
                .build();
        ChannelOptions recovered = ChannelOptions.builder()
                .subscribeAccess(everyone)
                .publishAccess(everyone)
                .history(new HistoryOptions(HISTORY, TTL, TTL.multipliedBy(2)))
                .forceRecovery(true)
                .build();
        Namespaces namespaces = new Namespaces(
                ChannelNameRules.DEFAULTS, ChannelOptions.DEFAULTS, Map.of(PLAIN, plain, RECOVERED, recovered), null);
        PayloadWriter writer = value -> Payload.ofText(String.valueOf(value));
        return RealtimeNode.builder(
                        new NodeOptions("warm-up", "", Duration.ZERO, STOP_TIMEOUT),
                        namespaces,
                        new MemoryEngine(TTL, scheduler),
                        writer)
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .build())
                .callbacks(new ClientCallbacks(
                        tokens == null ? null : tokens.verifier()::connect,
                        List.of(),
                        tokens == null ? null : tokens.verifier(),
                        null,
                        null,
                        ClientHooks.NONE))
                .time(new NodeTime(
                        Clock.systemUTC(),
                        System::nanoTime,
                        scheduler,
                        () -> ThreadLocalRandom.current().nextDouble()))
                .quiet()
                .build();
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    void start() {
        node.start().block(STOP_TIMEOUT);
        context.registerBean(RealtimeWebSocketMapping.class, this::mapping);
        context.registerBean(SimpleHandlerAdapter.class);
        context.registerBean(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME, DispatcherHandler.class);
        context.refresh();
        server = HttpServer.create()
                .bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .runOn(loops)
                .handle(new ReactorHttpHandlerAdapter(
                        WebHttpHandlerBuilder.applicationContext(context).build()))
                .bindNow();
    }

    private RealtimeWebSocketMapping mapping() {
        return new RealtimeWebSocketMapping(
                path,
                RealtimeWebSocketMapping.DEFAULT_ORDER,
                handler,
                new OriginRule(List.of()),
                // A refusal would be logged; a node that has stopped closes the connection itself.
                () -> true,
                new HandshakeRefusals(refusal -> {}),
                WebSocketOptions.DEFAULTS);
    }

    /** Returns where it listens, while it does. */
    InetSocketAddress address() {
        DisposableServer running = server;
        if (running == null) {
            throw new IllegalStateException("The server of the warm-up is not running.");
        }
        return (InetSocketAddress) running.address();
    }

    /** Returns the path of its endpoint. */
    String path() {
        return path;
    }

    /** Returns the publisher of its node. */
    RealtimePublisher publisher() {
        return node.publisher();
    }

    /** Ends it with all its connections and threads. */
    @Override
    public void close() {
        try {
            if (server != null) {
                server.disposeNow(STOP_TIMEOUT);
            }
        } finally {
            try {
                node.stop().block(STOP_TIMEOUT);
            } finally {
                handler.close();
                context.close();
                loops.disposeLater(Duration.ZERO, STOP_TIMEOUT).subscribe();
            }
        }
    }
}
