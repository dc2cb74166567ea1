package dev.realtime.node;

import dev.realtime.api.ChannelOperations;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientConnections;
import dev.realtime.connection.ConnectionAdmission;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.ConnectionControl;
import dev.realtime.connection.NodeStatistics;
import dev.realtime.engine.BrokerListener;
import dev.realtime.engine.ChannelOccupancy;
import dev.realtime.engine.Engine;
import dev.realtime.engine.NodeDescription;
import dev.realtime.engine.OccupancyListener;
import dev.realtime.hub.Hub;
import dev.realtime.protocol.ClientInfo;
import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.Publication;
import dev.realtime.protocol.StreamPosition;
import dev.realtime.transport.Transport;
import dev.realtime.transport.TransportListener;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One running server among peers: owns the hub and the connections of this process, and stands between them and the engine.
 * May be called by any thread.
 */
public final class RealtimeNode {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeNode.class);

    private enum State {
        NEW,
        RUNNING,
        /** The engine works on, clients are sent away. */
        DRAINING,
        STOPPED
    }

    private final String id = UUID.randomUUID().toString();

    private final NodeParts parts;

    private final Engine engine;

    private final Hub hub;

    private final ClientConnections clients = new ClientConnections();

    private final NodeStatistics statistics = new NodeStatistics();

    private final ConnectionControl control;

    private final ConnectionAdmission admission;

    private final PositionChecks positionChecks;

    private final NodeTime time;

    private final NodePublisher publisher;

    private final NodeChannels channels;

    private final NodePresence presence;

    private final NodeClients nodeClients;

    private final Mono<Void> drained = sendClientsAway().cache();

    private final Mono<Void> stopped = drained.then(stopEngine()).cache();

    private volatile State state = State.NEW;

    private volatile long startedAtNanos;

    /** Owner of the periodic position checks; set while running. */
    private volatile @Nullable Disposable periodicChecks;

    public RealtimeNode(NodeParts parts) {
        this(parts, NodeTime.real());
    }

    RealtimeNode(NodeParts parts, NodeTime time) {
        this.parts = parts;
        this.time = time;
        this.engine = parts.engine();
        BrokerSubscriptions subscriptions = new BrokerSubscriptions(engine.broker());
        this.hub = new Hub(subscriptions, time.nanoTime());
        subscriptions.watch(hub);
        reportOccupancy(subscriptions);
        ChannelOperations operations =
                new ChannelOperations(parts.namespaces(), engine.broker(), engine.presenceManager());
        ConnectionContext context = new ConnectionContext(
                parts.clientOptions(),
                parts.namespaces(),
                operations,
                engine.broker(),
                engine.presenceManager(),
                engine.controlBus(),
                hub,
                subscriptions,
                clients,
                parts.authenticator(),
                List.copyOf(parts.authorizers()),
                parts.tokenRefresher(),
                parts.rpcHandler(),
                parts.messageHandler(),
                parts.hooks().clients(),
                statistics,
                time.clock(),
                time.scheduler(),
                time.random(),
                parts.options().version());
        this.control = new ConnectionControl(context, parts.protocolLimits(), time.nanoTime());
        this.admission = new ConnectionAdmission(parts.clientOptions(), clients, statistics, time.nanoTime());
        this.positionChecks = new PositionChecks(
                hub,
                parts.namespaces(),
                engine.broker(),
                time.scheduler(),
                time.nanoTime(),
                parts.clientOptions().channelPositionCheckDelay());
        Payloads payloads = new Payloads(parts.payloadWriter());
        this.publisher = new NodePublisher(operations, payloads, parts, statistics);
        this.channels = new NodeChannels(operations, payloads, engine.controlBus(), time.clock());
        this.presence = new NodePresence(operations);
        this.nodeClients = new NodeClients(payloads, engine.controlBus());
    }

    private void reportOccupancy(BrokerSubscriptions subscriptions) {
        OccupancyListener listener = parts.hooks().occupancy();
        ChannelOccupancy occupancy = engine.occupancy();
        if (listener != null && occupancy != null) {
            occupancy.start(listener);
            subscriptions.whenChanged(new OccupancyReports(occupancy, hub::hasSubscribers)::changed);
        }
    }

    /** Unique for the life of the process. */
    public String id() {
        return id;
    }

    /** The parts it was made of. */
    public NodeParts parts() {
        return parts;
    }

    /** Whether it was started and its engine not stopped. */
    public boolean isRunning() {
        return state == State.RUNNING || state == State.DRAINING;
    }

    /** Whether clients may come and stay: it runs and does not drain. */
    public boolean takesClients() {
        return state == State.RUNNING;
    }

    /** Begins to work; connections may be accepted when it completes. Can be started once. */
    public Mono<Void> start() {
        return Mono.defer(() -> {
            if (state != State.NEW) {
                return Mono.error(new IllegalStateException(
                        "The realtime node was started before. A node is started once; make another to start again."));
            }
            startedAtNanos = time.nanoTime().getAsLong();
            engine.broker().start(new Listener());
            engine.controlBus().start(new ControlledNode(this, control, clients, hub, parts.namespaces()));
            return engine.start().doOnSuccess(nothing -> {
                state = State.RUNNING;
                periodicChecks = periodicPositionChecks();
                logger.info(
                        "Realtime node {} ({}) started on engine {}",
                        parts.options().name(),
                        id,
                        engine.name());
            });
        });
    }

    private Disposable periodicPositionChecks() {
        long millis = PositionChecks.ROUND.toMillis();
        long jitter = (long) (millis * time.random().getAsDouble());
        return time.scheduler().schedulePeriodically(positionChecks::checkQuiet, jitter, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Sends all clients away with 3001, a few at a time, and takes on no more; completes when they are gone. The engine works
     * on, so that what is published meanwhile reaches the clients still here and the other nodes. Can be asked for again.
     */
    public Mono<Void> drain() {
        return drained;
    }

    private Mono<Void> sendClientsAway() {
        return Mono.defer(() -> {
            if (state != State.RUNNING) {
                return Mono.empty();
            }
            state = State.DRAINING;
            logger.info(
                    "Realtime node {} ({}) sends {} connections elsewhere",
                    parts.options().name(),
                    id,
                    clients.count());
            return new ClientDrain(clients, control, time.scheduler(), parts.options()).run();
        });
    }

    /** Drains, then stops the engine; completes when both are done. Can be asked for again. */
    public Mono<Void> stop() {
        return stopped;
    }

    private Mono<Void> stopEngine() {
        return Mono.defer(() -> {
            state = State.STOPPED;
            Disposable checks = periodicChecks;
            if (checks != null) {
                checks.dispose();
            }
            logger.info("Realtime node {} ({}) stops", parts.options().name(), id);
            return engine.stop().doFinally(signal -> time.scheduler().dispose());
        });
    }

    /** Whether this node takes on another client now; asked before the HTTP upgrade, by any thread. */
    public boolean admits() {
        return state == State.RUNNING && admission.admit();
    }

    /**
     * Takes on a client. Called on the executor of the transport; the transport reports to what is returned. A node that takes no
     * clients closes it at once with 3001: the state is read after the connection was registered, and written before a drain
     * collects the connections, so that none slips through between the two.
     */
    public TransportListener accept(Transport transport) {
        ClientConnection connection = control.accept(transport);
        if (state != State.RUNNING) {
            control.disconnect(connection, Disconnect.SHUTDOWN);
        }
        return connection;
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
        int[] subscriptions = {0};
        hub.forEach((channel, count) -> subscriptions[0] += count);
        return new NodeDescription(
                id,
                parts.options().name(),
                parts.options().version(),
                clients.count(),
                clients.users(),
                subscriptions[0],
                hub.channels(),
                (time.nanoTime().getAsLong() - startedAtNanos) / 1_000_000_000L);
    }

    /** Brings what the engine delivers to the hub. */
    private final class Listener implements BrokerListener {

        @Override
        public void onPublication(String channel, Publication publication, StreamPosition position) {
            hub.publish(channel, publication, position);
        }

        @Override
        public void onJoin(String channel, ClientInfo info) {
            hub.join(channel, info);
        }

        @Override
        public void onLeave(String channel, ClientInfo info) {
            hub.leave(channel, info);
        }

        @Override
        public void onDisturbance(Collection<String> channels) {
            positionChecks.check(channels);
        }

        @Override
        public void onEpochContinued(String channel, StreamPosition end, String epoch) {
            hub.continueEpoch(channel, end, epoch);
        }
    }
}
