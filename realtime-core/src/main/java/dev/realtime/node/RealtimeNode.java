package dev.realtime.node;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.PayloadWriter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.Namespaces;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientConnections;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.ConnectionAdmission;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.hub.Hub;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.statistics.NodeStatistics;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Node: a running server among its peers. Owns the hub and the connections of this process and connects them to the
 * engine. Safe for calls from any thread.
 */
public final class RealtimeNode {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeNode.class);

    private static final long MIN_WAITING_BYTES = 4L * 1024 * 1024;

    private enum State {
        NEW,
        STARTING,
        RUNNING,
        /** The engine works on, clients are sent away. */
        DRAINING,
        STOPPED
    }

    private final String id = UUID.randomUUID().toString();

    private final NodeOptions options;

    private final ClientOptions clientOptions;

    private final ProtocolLimits protocolLimits;

    private final Namespaces namespaces;

    private final Engine engine;

    private final PayloadWriter payloadWriter;

    private final Supplier<ClientCallbacks> callbacks;

    private final @Nullable TransactionHook transactions;

    private final @Nullable OccupancyListener occupancy;

    private final Hub hub;

    private final ClientConnections clients;

    private final NodeStatistics statistics = new NodeStatistics();

    private final ClientSide clientSide;

    private final ConnectionAdmission admission;

    private final PositionChecks positionChecks;

    private final NodeTime time;

    /** Level of the lines about its start and stop. */
    private final Level lifeLevel;

    private final NodePublisher publisher;

    private final NodeChannels channels;

    private final NodePresence presence;

    private final NodeClients nodeClients;

    private final Mono<Void> drained = sendClientsAway().cache();

    private final Mono<Void> stopped = stopOnce().cache();

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    private volatile long startedAtNanos;

    /** Owner of the periodic position checks; set while running. */
    private volatile @Nullable Disposable periodicChecks;

    RealtimeNode(RealtimeNodeBuilder parts, NodeTime time) {
        this.options = parts.options;
        this.clientOptions = parts.clientOptions;
        this.protocolLimits = parts.protocolLimits;
        this.namespaces = parts.namespaces;
        this.engine = parts.engine;
        this.payloadWriter = parts.payloadWriter;
        this.callbacks = parts.callbacks;
        this.transactions = parts.transactions;
        this.occupancy = parts.occupancy;
        this.time = time;
        this.lifeLevel = parts.lifeLevel;
        BrokerSubscriptions subscriptions =
                new BrokerSubscriptions(engine.broker(), this::hasSubscribers, occupancyReports());
        this.hub = new Hub(subscriptions, time.nanoTime(), maxWaitingBytes(clientOptions), parts.allocator);
        ChannelOperations operations =
                new ChannelOperations(namespaces, engine.broker(), engine.presenceManager(), payloadWriter);
        this.clients = new ClientConnections(clientOptions.userConnectionLimit(), statistics);
        this.clientSide = ClientSide.of(parts, id, time, hub, subscriptions, operations, clients, statistics);
        this.admission = new ConnectionAdmission(clientOptions, clients, statistics, time.nanoTime());
        this.positionChecks = new PositionChecks(
                hub,
                namespaces,
                engine.broker(),
                time.scheduler(),
                time.nanoTime(),
                clientOptions.channelPositionCheckDelay());
        this.publisher = new NodePublisher(operations, personalChannels(), transactions, statistics);
        this.channels = new NodeChannels(operations, engine.controlBus(), time.clock());
        this.presence = new NodePresence(operations);
        this.nodeClients = new NodeClients(operations, engine.controlBus());
    }

    /**
     * Returns a builder.
     *
     * @param options name and shutdown of the node
     * @param namespaces channels and their options
     * @param engine of this node alone, not started; stopped with the node
     * @param payloadWriter writes what the application publishes as JSON
     */
    public static RealtimeNodeBuilder builder(
            NodeOptions options, Namespaces namespaces, Engine engine, PayloadWriter payloadWriter) {
        return new RealtimeNodeBuilder(options, namespaces, engine, payloadWriter);
    }

    /**
     * Returns a builder of a node with the same channels, clients' options and callbacks as this one, such as a second
     * node of one application.
     *
     * @param options name and shutdown of the other node
     * @param engine of the other node
     */
    public RealtimeNodeBuilder peer(NodeOptions options, Engine engine) {
        return builder(options, namespaces, engine, payloadWriter)
                .clientOptions(clientOptions)
                .protocolLimits(protocolLimits)
                .callbacks(callbacks)
                .transactions(transactions)
                .occupancy(occupancy);
    }

    /**
     * Returns the limit for one executor that does not keep up: a quarter of what may wait for slow clients of the
     * whole node.
     */
    private static long maxWaitingBytes(ClientOptions options) {
        long forClients = options.limits().nodeQueueMaxBytes();
        return forClients == 0 ? Long.MAX_VALUE : Math.max(MIN_WAITING_BYTES, forClients / 4);
    }

    private boolean hasSubscribers(String channel) {
        return hub.hasSubscribers(channel);
    }

    /** Returns what is notified of channels that may have got a first or lost a last subscriber. */
    private Consumer<String> occupancyReports() {
        OccupancyListener listener = occupancy;
        ChannelOccupancy kept = engine.occupancy();
        if (listener == null || kept == null) {
            return channel -> {};
        }
        kept.start(listener);
        return new OccupancyReports(kept, this::hasSubscribers, time.scheduler())::changed;
    }

    /** Returns the name of the personal channel of a user; {@code null} if users have none. */
    private @Nullable UnaryOperator<String> personalChannels() {
        return clientOptions.personalChannel()
                ? userId -> PersonalChannel.name(clientOptions.personalChannelNamespace(), namespaces.rules(), userId)
                : null;
    }

    /** Unique for the life of the process. */
    public String id() {
        return id;
    }

    /** Name and shutdown of this node. */
    public NodeOptions options() {
        return options;
    }

    /** Limits and times of its clients. */
    public ClientOptions clientOptions() {
        return clientOptions;
    }

    /** Bounds of what a client may send. */
    public ProtocolLimits protocolLimits() {
        return protocolLimits;
    }

    /** Writer of what the application publishes. */
    public PayloadWriter payloadWriter() {
        return payloadWriter;
    }

    /** Channels and their options. */
    public Namespaces namespaces() {
        return namespaces;
    }

    /** The engine it works with. */
    public Engine engine() {
        return engine;
    }

    /** Callbacks of the application about clients; must not be called before the application is complete. */
    public ClientCallbacks callbacks() {
        return callbacks.get();
    }

    /** Returns whether it was started and its engine not stopped. */
    public boolean isRunning() {
        State now = state.get();
        return now == State.RUNNING || now == State.DRAINING;
    }

    /** Returns whether clients may come and stay: it runs and does not drain. */
    public boolean takesClients() {
        return state.get() == State.RUNNING;
    }

    /**
     * Begins to work; connections may be accepted when it completes. Can be started once; a start that failed can be
     * repeated.
     *
     * @return fails with {@link IllegalStateException} if it was started before, or stopped meanwhile
     */
    public Mono<Void> start() {
        return Mono.defer(() -> {
            if (!state.compareAndSet(State.NEW, State.STARTING)) {
                return Mono.error(new IllegalStateException(
                        "The realtime node was started before. A node starts only once: create another one to"
                                + " start again."));
            }
            return startEngine()
                    .then(Mono.defer(this::started))
                    .doFinally(signal -> state.compareAndSet(State.STARTING, State.NEW));
        });
    }

    private Mono<Void> startEngine() {
        return Mono.defer(() -> {
            startedAtNanos = time.nanoTime().getAsLong();
            engine.broker().start(new HubBrokerListener(hub, positionChecks, this));
            engine.controlBus().start(new NodeControlHandler(this, clientSide.actions(), clients, hub, namespaces));
            return engine.start();
        });
    }

    private Mono<Void> started() {
        if (!state.compareAndSet(State.STARTING, State.RUNNING)) {
            return Mono.error(new IllegalStateException("The realtime node was stopped while it started."));
        }
        Disposable checks = periodicPositionChecks();
        periodicChecks = checks;
        if (!isRunning()) {
            // Stopped in between, without knowing the checks.
            checks.dispose();
        }
        logger.atLevel(lifeLevel).log("Realtime node {} ({}) started on engine {}", options.name(), id, engine.name());
        return Mono.empty();
    }

    private Disposable periodicPositionChecks() {
        long millis = PositionChecks.ROUND.toMillis();
        long jitter = (long) (millis * time.random().getAsDouble());
        Runnable check = Boundary.task(Place.POSITION_CHECK, this, positionChecks::checkQuiet);
        return time.scheduler().schedulePeriodically(check, jitter, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Sends all clients away with 3001, a few at a time, and takes on no more; completes when they are gone. The engine
     * works on, so that what is published meanwhile reaches the clients still here and the other nodes. Can be asked
     * for again; does nothing unless the node runs.
     */
    public Mono<Void> drain() {
        return Mono.defer(() -> state.get() == State.NEW || state.get() == State.STARTING ? Mono.empty() : drained);
    }

    private Mono<Void> sendClientsAway() {
        return Mono.defer(() -> {
            if (!state.compareAndSet(State.RUNNING, State.DRAINING)) {
                return Mono.empty();
            }
            logger.atLevel(lifeLevel)
                    .log("Realtime node {} ({}) sends {} connections elsewhere", options.name(), id, clients.count());
            return new ClientDrain(clients, clientSide.actions(), time.scheduler(), options).run();
        });
    }

    /** Drains, then stops the engine; completes when both are done. Can be asked for again. */
    public Mono<Void> stop() {
        return stopped;
    }

    private Mono<Void> stopOnce() {
        return Mono.defer(() -> {
            // A node that does not run yet never will.
            if (!state.compareAndSet(State.NEW, State.STOPPED)) {
                state.compareAndSet(State.STARTING, State.STOPPED);
            }
            return drained.onErrorResume(failure -> {
                        logger.error(
                                "Realtime node {} ({}) could not disconnect all clients", options.name(), id, failure);
                        return Mono.empty();
                    })
                    .then(stopEngine());
        });
    }

    private Mono<Void> stopEngine() {
        return Mono.defer(() -> {
            state.set(State.STOPPED);
            Disposable checks = periodicChecks;
            if (checks != null) {
                checks.dispose();
            }
            logger.atLevel(lifeLevel).log("Realtime node {} ({}) stops", options.name(), id);
            return Boundary.signalling(engine::stop, () -> time.scheduler().dispose());
        });
    }

    /** Returns whether this node takes on another client now; asked before the HTTP upgrade, by any thread. */
    public boolean admits() {
        return state.get() == State.RUNNING && admission.admit();
    }

    /**
     * Takes on a client. Called on the executor of the transport; the transport reports to what is returned. A node
     * that takes no clients closes it immediately with 3001: the state is read after the connection was registered, and
     * written before a drain collects the connections, so that none slips through between the two.
     */
    public TransportListener accept(Transport transport) {
        ClientConnection connection = clientSide.acceptor().accept(transport);
        if (state.get() != State.RUNNING) {
            clientSide.actions().disconnect(connection, Disconnect.SHUTDOWN);
        }
        return connection;
    }

    /**
     * Hands a frame that a client posted to its session, on whichever node that is. Called by any thread.
     *
     * @param nodeId node of the session, as the client says
     * @param session secret id of the session, as the client says; an unknown one has the outcome of a known one
     * @param data frame of commands, taken over
     * @return fails with {@link dev.realtime.api.client.EngineException} if the other node cannot be reached in time
     */
    public Mono<EmulationOutcome> emulate(String nodeId, String session, byte[] data) {
        return Mono.defer(() -> nodeId.equals(id)
                ? Mono.just(EmulationOutcome.of(clients.sessions().offer(session, data)))
                : engine.controlBus()
                        .ask(nodeId, new ControlQuestion.Emulate(session, data))
                        .cast(ControlAnswer.Emulated.class)
                        .map(answer -> EmulationOutcome.of(answer.accepted()))
                        .defaultIfEmpty(EmulationOutcome.UNKNOWN_NODE));
    }

    public RealtimePublisher publisher() {
        return publisher;
    }

    public RealtimeChannels channels() {
        return channels;
    }

    public RealtimePresence presence() {
        return presence;
    }

    public RealtimeClients clients() {
        return nodeClients;
    }

    /** Counters of this node. */
    public NodeStatistics statistics() {
        return statistics;
    }

    /** This node as its peers see it, at this moment. */
    public NodeDescription describe() {
        return new NodeDescription(
                id,
                options.name(),
                options.version(),
                clients.count(),
                clients.users(),
                hub.subscribers(),
                hub.channels(),
                (time.nanoTime().getAsLong() - startedAtNanos) / 1_000_000_000L);
    }

    @Override
    public String toString() {
        return "node " + options.name() + " (" + id + ")";
    }
}
