package dev.realtime.node;

import dev.realtime.auth.Authenticator;
import dev.realtime.auth.ChannelAuthorizer;
import dev.realtime.auth.TokenRefresher;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.ChannelOptions;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.MessageHandler;
import dev.realtime.connection.RpcHandler;
import dev.realtime.engine.Engine;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.protocol.Payload;
import dev.realtime.transport.ManualExecutor;
import dev.realtime.transport.ScriptedTransport;
import dev.realtime.transport.TransportDescription;
import dev.realtime.transport.WireForm;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A whole node on the memory engine without sockets, threads or time of its own: the test passes frames in, reads frames out,
 * and lets time pass. Everything runs on the thread of the test.
 */
public final class ScriptedServer {

    /** Wall clock when the server is made. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualExecutor executor = new ManualExecutor();

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    private final long startNanos = executor.ticker().nanoTime();

    private final RealtimeNode node;

    private ScriptedServer(Setup setup) {
        Engine engine = setup.engine.apply(new MemoryEngine(Duration.ofSeconds(60), scheduler));
        this.node = new RealtimeNode(
                new NodeParts(
                        new NodeOptions("scripted", "test", Duration.ofSeconds(5)),
                        setup.clientOptions,
                        new Namespaces(ChannelNameRules.DEFAULTS, setup.withoutNamespace, setup.namespaces, null),
                        engine,
                        value -> Payload.ofText("\"" + value + "\""),
                        setup.authenticator,
                        setup.authorizers,
                        setup.tokenRefresher,
                        setup.rpcHandler,
                        setup.messageHandler),
                new NodeTime(new ManualClock(), () -> executor.ticker().nanoTime(), scheduler, () -> 0.5));
        node.start().subscribe();
    }

    /** Collects what a server is made of; anonymous clients may connect unless said otherwise. */
    public static Setup setup() {
        return new Setup();
    }

    /** The node under test. */
    public RealtimeNode node() {
        return node;
    }

    /** The executor that owns all connections. */
    public ManualExecutor executor() {
        return executor;
    }

    /** A JSON client that has said nothing yet. */
    public ScriptedClient client() {
        return client(WireForm.JSON_WEBSOCKET, null);
    }

    /** A client that has said nothing yet. */
    public ScriptedClient client(WireForm form, @Nullable Principal principal) {
        ScriptedTransport transport = new ScriptedTransport(
                executor,
                form,
                new TransportDescription("scripted", false, true, principal, Map.of(), "/connection/websocket", ""));
        return new ScriptedClient(this, transport, node.accept(transport));
    }

    /** Lets time pass for everything. */
    public void pass(Duration duration) {
        long left = duration.toMillis();
        run();
        while (left > 0) {
            long step = Math.min(left, 50);
            executor.advance(Duration.ofMillis(step));
            scheduler.advanceTimeBy(Duration.ofMillis(step));
            executor.runAll();
            left -= step;
        }
    }

    /** Runs everything that waits. */
    public void run() {
        executor.runAll();
    }

    /** Unix time of the server, in seconds. */
    public long nowSeconds() {
        return new ManualClock().millis() / 1000;
    }

    private final class ManualClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(executor.ticker().nanoTime() - startNanos);
        }
    }

    /** Parts of a server; what is not set is as in production. */
    public static final class Setup {

        private ClientOptions clientOptions =
                ClientOptions.builder().allowAnonymousConnectWithoutToken(true).build();
        private ChannelOptions withoutNamespace = ChannelOptions.DEFAULTS;
        private final Map<String, ChannelOptions> namespaces = new LinkedHashMap<>();
        private UnaryOperator<Engine> engine = UnaryOperator.identity();
        private @Nullable Authenticator authenticator;
        private final List<ChannelAuthorizer> authorizers = new ArrayList<>();
        private @Nullable TokenRefresher tokenRefresher;
        private @Nullable RpcHandler rpcHandler;
        private @Nullable MessageHandler messageHandler;

        private Setup() {}

        public Setup client(UnaryOperator<ClientOptions.Builder> options) {
            clientOptions = options.apply(ClientOptions.builder().allowAnonymousConnectWithoutToken(true))
                    .build();
            return this;
        }

        public Setup withoutNamespace(UnaryOperator<ChannelOptions.Builder> options) {
            withoutNamespace = options.apply(ChannelOptions.builder()).build();
            return this;
        }

        public Setup namespace(String name, UnaryOperator<ChannelOptions.Builder> options) {
            namespaces.put(name, options.apply(ChannelOptions.builder()).build());
            return this;
        }

        /** Puts something between the node and the memory engine, as to delay or fail. */
        public Setup engine(UnaryOperator<Engine> engine) {
            this.engine = engine;
            return this;
        }

        public Setup authenticator(Authenticator authenticator) {
            this.authenticator = authenticator;
            return this;
        }

        public Setup authorizer(ChannelAuthorizer authorizer) {
            authorizers.add(authorizer);
            return this;
        }

        public Setup tokenRefresher(TokenRefresher tokenRefresher) {
            this.tokenRefresher = tokenRefresher;
            return this;
        }

        public Setup rpc(RpcHandler rpcHandler) {
            this.rpcHandler = rpcHandler;
            return this;
        }

        public Setup messages(MessageHandler messageHandler) {
            this.messageHandler = messageHandler;
            return this;
        }

        public ScriptedServer start() {
            return new ScriptedServer(this);
        }
    }
}
