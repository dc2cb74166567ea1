package dev.realtime.test.engine;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.BrokerListener;
import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.NodeHandler;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.engine.PresenceManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Engine of one node on a {@link SharedMemory}, with the {@link Faults} of this node. */
public final class NodeEngine implements Engine {

    private final SharedMemory shared;

    private final MemoryEngine memory;

    private final Faults faults;

    private final Broker broker = new NodeBroker();

    private final PresenceManager presenceManager = new NodePresenceManager();

    private final ControlBus controlBus = new NodeControlBus();

    private final ChannelOccupancy occupancy = new NodeOccupancy();

    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();

    private volatile @Nullable BrokerListener listener;

    private volatile @Nullable NodeHandler handler;

    private volatile @Nullable OccupancyListener occupancyListener;

    NodeEngine(SharedMemory shared, MemoryEngine memory, Faults faults) {
        this.shared = shared;
        this.memory = memory;
        this.faults = faults;
    }

    /** Returns what goes wrong between this node and the engine. */
    public Faults faults() {
        return faults;
    }

    /** Returns what this node and others share. */
    public SharedMemory shared() {
        return shared;
    }

    /** Ends all faults; what was missed meanwhile is noticed now. */
    public void heal() {
        boolean wasCutOff = faults.isCutOff();
        faults.heal();
        if (wasCutOff) {
            disturbed(List.copyOf(subscribed));
        }
    }

    boolean isSubscribed(String channel) {
        return subscribed.contains(channel);
    }

    void deliver(String channel, Consumer<BrokerListener> event) {
        BrokerListener node = listener;
        if (node != null && !faults.isCutOff() && subscribed.contains(channel)) {
            event.accept(node);
        }
    }

    void disturbed(Collection<String> channels) {
        BrokerListener node = listener;
        if (node != null && !channels.isEmpty()) {
            node.onDisturbance(channels);
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public PresenceManager presenceManager() {
        return presenceManager;
    }

    @Override
    public ControlBus controlBus() {
        return controlBus;
    }

    @Override
    public ChannelOccupancy occupancy() {
        return occupancy;
    }

    @Override
    public boolean isUp() {
        return !faults.fails(EngineCall.PUBLISH);
    }

    @Override
    public Mono<Void> start() {
        return shared.started(this);
    }

    @Override
    public Mono<Void> stop() {
        return shared.stopped(this);
    }

    private final class NodeBroker implements Broker {

        @Override
        public void start(BrokerListener node) {
            listener = node;
        }

        @Override
        public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
            // There is no replica to wait for; the application may ask for one all the same.
            AppendOptions unreplicated = new AppendOptions(
                    options.history(), options.idempotencyKey(), options.version(), options.versionEpoch(), false);
            return faults.apply(EngineCall.PUBLISH, () -> {
                shared.usesHistory(channel, options.history());
                return memory.broker()
                        .publish(channel, publication, unreplicated)
                        .map(result -> new PublishResult(shared.visible(result.position()), result.suppression()));
            });
        }

        @Override
        public Mono<Void> publishJoin(String channel, ClientInfo info) {
            return faults.apply(EngineCall.JOIN_LEAVE, () -> memory.broker().publishJoin(channel, info));
        }

        @Override
        public Mono<Void> publishLeave(String channel, ClientInfo info) {
            return faults.apply(EngineCall.JOIN_LEAVE, () -> memory.broker().publishLeave(channel, info));
        }

        @Override
        public Mono<Void> subscribe(String channel) {
            return faults.apply(EngineCall.SUBSCRIBE, () -> {
                subscribed.add(channel);
                return memory.broker().subscribe(channel);
            });
        }

        @Override
        public Mono<Void> unsubscribe(String channel) {
            // Never fails: a node that cannot reach its engine is not sent anything either.
            return Mono.defer(() -> {
                subscribed.remove(channel);
                return shared.isSubscribed(channel)
                        ? Mono.empty()
                        : memory.broker().unsubscribe(channel);
            });
        }

        @Override
        public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
            return faults.apply(EngineCall.HISTORY, () -> {
                shared.usesHistory(channel, options);
                return memory.broker()
                        .history(channel, query, options)
                        .map(result -> new HistoryResult(result.publications(), shared.visible(result.position())));
            });
        }

        @Override
        public Mono<Void> removeHistory(String channel) {
            return faults.apply(EngineCall.HISTORY, () -> memory.broker().removeHistory(channel));
        }
    }

    private final class NodePresenceManager implements PresenceManager {

        @Override
        public Mono<Void> add(String channel, ClientInfo info) {
            return faults.apply(
                    EngineCall.PRESENCE, () -> memory.presenceManager().add(channel, info));
        }

        @Override
        public Mono<Void> refresh(Map<String, ? extends Collection<ClientInfo>> present) {
            return faults.apply(
                    EngineCall.PRESENCE, () -> memory.presenceManager().refresh(present));
        }

        @Override
        public Mono<Void> remove(String channel, String clientId) {
            return faults.apply(
                    EngineCall.PRESENCE, () -> memory.presenceManager().remove(channel, clientId));
        }

        @Override
        public Mono<Map<String, ClientInfo>> presence(String channel) {
            return faults.apply(
                    EngineCall.PRESENCE, () -> memory.presenceManager().presence(channel));
        }

        @Override
        public Mono<PresenceStats> stats(String channel) {
            return faults.apply(
                    EngineCall.PRESENCE, () -> memory.presenceManager().stats(channel));
        }
    }

    private final class NodeControlBus implements ControlBus {

        @Override
        public void start(NodeHandler node) {
            handler = node;
        }

        private Flux<NodeHandler> handlers() {
            return shared.reachable().mapNotNull(node -> node.handler);
        }

        @Override
        public Mono<Void> broadcast(ControlCommand command) {
            return faults.apply(
                    EngineCall.CONTROL,
                    () -> handlers().flatMap(node -> node.run(command)).then());
        }

        @Override
        public Flux<ControlAnswer> survey(ControlQuestion question) {
            return faults.applyAll(EngineCall.CONTROL, () -> handlers().flatMap(node -> node.answer(question)));
        }

        @Override
        public Mono<ControlAnswer> ask(String nodeId, ControlQuestion question) {
            return faults.apply(
                    EngineCall.CONTROL,
                    () -> handlers()
                            .filter(node -> node.describe().id().equals(nodeId))
                            .next()
                            .flatMap(node -> node.answer(question)));
        }

        @Override
        public Mono<List<NodeDescription>> nodes() {
            return faults.apply(
                    EngineCall.CONTROL,
                    () -> handlers().map(NodeHandler::describe).collectList());
        }
    }

    private final class NodeOccupancy implements ChannelOccupancy {

        @Override
        public void start(OccupancyListener node) {
            occupancyListener = node;
        }

        @Override
        public Mono<Void> occupy(String channel) {
            return Mono.fromRunnable(() -> {
                OccupancyListener node = occupancyListener;
                if (shared.occupy(NodeEngine.this, channel) && node != null) {
                    node.onOccupied(channel);
                }
            });
        }

        @Override
        public Mono<Void> vacate(String channel) {
            return Mono.fromRunnable(() -> {
                OccupancyListener node = occupancyListener;
                if (shared.vacate(NodeEngine.this, channel) && node != null) {
                    node.onVacated(channel);
                }
            });
        }
    }
}
