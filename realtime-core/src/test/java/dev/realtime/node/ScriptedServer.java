package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.engine.ScriptedEngine;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBufAllocator;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A whole node on the memory engine without sockets, threads or time of its own: the test passes frames in, reads
 * frames out, and lets time pass. Everything runs on the thread of the test. Registered as an extension, or closed by
 * the test, it checks that its clients left nothing behind.
 */
public final class ScriptedServer implements AfterEachCallback, AutoCloseable {

    /** Wall clock when the server is made. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualExecutor executor = new ManualExecutor();

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    private final long startNanos = executor.ticker().nanoTime();

    private final ScriptedEngine engine =
            new ScriptedEngine(new MemoryEngine(Duration.ofSeconds(60), scheduler, this::engineNanos));

    private Runnable beforeEngineClock = () -> {};

    private final List<ScriptedClient> clients = new ArrayList<>();

    private final RealtimeNode node;

    private ScriptedServer(Setup setup) {
        this.node = RealtimeNode.builder(
                        new NodeOptions("scripted", "test", Duration.ofSeconds(5), Duration.ofSeconds(8)),
                        new Namespaces(
                                ChannelNameRules.DEFAULTS, setup.withoutNamespace, setup.namespaces, setup.resolver),
                        engine,
                        value -> Payload.ofText("\"" + value + "\""))
                .clientOptions(setup.clientOptions)
                .callbacks(new ClientCallbacks(
                        setup.authenticator,
                        setup.authorizers,
                        setup.tokenAuthenticator.apply(new ManualClock()),
                        setup.rpcHandler,
                        setup.messageHandler,
                        setup.hooks.clients()))
                .transactions(setup.hooks.transactions())
                .occupancy(setup.hooks.occupancy())
                .time(new NodeTime(new ManualClock(), () -> executor.ticker().nanoTime(), scheduler, () -> 0.5))
                .allocator(setup.allocator)
                .build();
        if (setup.started) {
            node.start().subscribe();
        }
    }

    /** Collects what a server is made of; anonymous clients may connect unless said otherwise. */
    public static Setup setup() {
        return new Setup();
    }

    /** The node under test. */
    public RealtimeNode node() {
        return node;
    }

    /** The engine it works with. */
    public ScriptedEngine engine() {
        return engine;
    }

    private long engineNanos() {
        beforeEngineClock.run();
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Runs this when the engine reads the time; it may throw. */
    void beforeEngineClock(Runnable action) {
        beforeEngineClock = action;
    }

    /** What runs the work of the node itself. */
    VirtualTimeScheduler scheduler() {
        return scheduler;
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
        return client(form, TransportCapabilities.WEBSOCKET, principal);
    }

    /** A client that has said nothing yet, over a transport with these capabilities. */
    public ScriptedClient clientOf(WireForm form, TransportCapabilities capabilities) {
        return client(form, capabilities, null);
    }

    private ScriptedClient client(WireForm form, TransportCapabilities capabilities, @Nullable Principal principal) {
        return client(new ScriptedTransport(
                executor,
                form,
                new TransportDescription("scripted", capabilities, principal, Map.of(), "/connection/websocket", "")));
    }

    /** A client that has said nothing yet, over this transport. */
    public ScriptedClient client(ScriptedTransport transport) {
        ScriptedClient client = new ScriptedClient(this, transport, node.accept(transport), "#" + (clients.size() + 1));
        clients.add(client);
        return client;
    }

    String quoted(String json) {
        String text = json.replace('"', '\'');
        for (ScriptedClient client : clients) {
            text = text.replace(client.id(), client.name());
        }
        return text;
    }

    String unquoted(String text) {
        String json = text.replace('\'', '"');
        for (ScriptedClient client : clients) {
            json = json.replace("\"" + client.name() + "\"", "\"" + client.id() + "\"");
        }
        return json;
    }

    /**
     * Asks something of the node and lets it do what it has to; fails with the error, or if it does not complete
     * immediately.
     */
    public <T> @Nullable T await(Mono<T> answer) {
        return await(answer, Duration.ZERO);
    }

    /** The same for what takes time, which passes. */
    public <T> @Nullable T await(Mono<T> answer, Duration time) {
        CompletableFuture<T> future = answer.toFuture();
        pass(time);
        assertThat(future).as("what was asked of the node").isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Publishes these, one after the other, as the application. */
    public void publish(String channel, Object... data) {
        for (Object one : data) {
            await(node.publisher().publish(channel, one));
        }
        run();
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

    /** Lets seconds pass for everything. */
    public void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    /** Ends all clients and checks that nothing of them is left: no timer, subscription or presence. */
    @Override
    public void close() {
        for (Call call : Call.values()) {
            engine.heal(call);
            engine.release(call);
        }
        clients.forEach(ScriptedClient::drop);
        run();
        // Queues that were not taken immediately are measured again after a moment, and calls that outlive their
        // client end by their time limit.
        executor.advance(node.clientOptions().handlerTimeout().plusMillis(200));
        assertThat(executor.hasTimers()).as("timers are left").isFalse();
        assertThat(engine.subscribed()).as("subscriptions of the engine").isEmpty();
        assertThat(engine.present()).as("presence entries").isEmpty();
        assertThat(node.statistics().connections()).as("connections").isZero();
        assertThat(node.describe())
                .usingRecursiveComparison()
                .comparingOnlyFields("clients", "users", "subscriptions", "channels")
                .isEqualTo(new NodeDescription("", "", "", 0, 0, 0, 0, 0));
        CompletableFuture<Void> stopped = node.stop().toFuture();
        pass(ClientDrain.SLICE_INTERVAL);
        assertThat(stopped).as("the end of the node").isCompleted();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
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
        private @Nullable ChannelOptionsResolver resolver;
        private @Nullable Authenticator authenticator;
        private final List<ChannelAuthorizer> authorizers = new ArrayList<>();
        private Function<Clock, @Nullable TokenAuthenticator> tokenAuthenticator = clock -> null;
        private @Nullable RpcHandler rpcHandler;
        private @Nullable MessageHandler messageHandler;
        private NodeHooks hooks = NodeHooks.NONE;
        private boolean started = true;
        private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

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

        /** Asks this for the options of a namespace first. */
        public Setup resolver(ChannelOptionsResolver resolver) {
            this.resolver = resolver;
            return this;
        }

        public Setup authenticator(Authenticator authenticator) {
            this.authenticator = authenticator;
            return this;
        }

        /** Takes the token of a client for its user id. */
        public Setup tokensAreUsers() {
            return authenticator(context -> Mono.just(Authentication.of(context.token())));
        }

        public Setup authorizer(ChannelAuthorizer authorizer) {
            authorizers.add(authorizer);
            return this;
        }

        public Setup tokenAuthenticator(TokenAuthenticator tokenAuthenticator) {
            return tokens(clock -> tokenAuthenticator);
        }

        /** Verifies tokens by the clock of the server. */
        public Setup tokens(Function<Clock, @Nullable TokenAuthenticator> tokenAuthenticator) {
            this.tokenAuthenticator = tokenAuthenticator;
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

        public Setup hooks(NodeHooks hooks) {
            this.hooks = hooks;
            return this;
        }

        /** Leaves starting the node to the test. */
        public Setup notStarted() {
            started = false;
            return this;
        }

        /** Allocator of what subscribers share. */
        public Setup allocator(ByteBufAllocator allocator) {
            this.allocator = allocator;
            return this;
        }

        public ScriptedServer start() {
            return new ScriptedServer(this);
        }
    }
}
