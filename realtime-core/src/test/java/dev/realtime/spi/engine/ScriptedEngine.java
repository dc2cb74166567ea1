package dev.realtime.spi.engine;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Engine of which the test decides when a call is done, when its result arrives, whether it fails, and what gets lost.
 * Keeps count, and knows what the node left behind. Epochs are {@code e1}, {@code e2} in the order in which they were
 * first seen. For one thread.
 */
public final class ScriptedEngine extends ForwardingEngine {

    /** A kind of call. */
    public enum Call {
        START,
        SUBSCRIBE,
        UNSUBSCRIBE,
        PUBLISH,
        JOIN,
        LEAVE,
        HISTORY,
        REMOVE_HISTORY,
        ADD_PRESENCE,
        REFRESH_PRESENCE,
        REMOVE_PRESENCE,
        READ_PRESENCE
    }

    private record Gate(boolean resultsOnly, Sinks.Empty<Void> opened) {}

    private final Engine engine;

    private final Broker broker;

    private final KnownControlBus controlBus = new KnownControlBus();

    private final PresenceManager presenceManager = new ScriptedPresenceManager();

    private final Map<Call, Gate> gates = new EnumMap<>(Call.class);

    private final Map<Call, EngineException> failing = new EnumMap<>(Call.class);

    private final Map<Call, Integer> calls = new EnumMap<>(Call.class);

    private final Map<String, String> epochs = new HashMap<>();

    private final Set<String> subscribed = new TreeSet<>();

    private final Set<String> present = new TreeSet<>();

    private List<StreamPosition> predecessors = List.of();

    private Consumer<Call> beforeCall = call -> {};

    private boolean losing;

    private @Nullable BrokerListener listener;

    public ScriptedEngine(Engine engine) {
        super(engine);
        this.engine = engine;
        this.broker = new ScriptedBroker(engine.broker());
    }

    /** Calls of this kind wait, and do nothing before they are released. */
    public void hold(Call call) {
        hold(call, false);
    }

    /** Calls of this kind are performed immediately, but their results wait. */
    public void holdResults(Call call) {
        hold(call, true);
    }

    private void hold(Call call, boolean resultsOnly) {
        Gate before = gates.get(call);
        gates.put(call, new Gate(resultsOnly, before == null ? Sinks.empty() : before.opened()));
    }

    /** Releases waiting calls; later calls do not wait. */
    public void release(Call call) {
        Gate gate = gates.remove(call);
        if (gate != null) {
            gate.opened().tryEmitEmpty();
        }
    }

    /** Calls of this kind fail from now on, also those that wait. */
    public void fail(Call call) {
        fail(call, new EngineException(call + " fails on purpose"));
    }

    /** Calls of this kind fail with this from now on. */
    public void fail(Call call, EngineException failure) {
        failing.put(call, failure);
    }

    /** Calls of this kind do not fail any more. */
    public void heal(Call call) {
        failing.remove(call);
    }

    /** What is published from now on is kept, but does not reach the node. */
    public void losePublications(boolean losing) {
        this.losing = losing;
    }

    /** Every stream continued from here, in an epoch that ended with nothing lost. */
    public void continueFrom(StreamPosition end) {
        predecessors = List.of(end);
    }

    /** Delivers a publication to the node that was not published. */
    public void deliver(String channel, Publication publication, StreamPosition position) {
        listener().onPublication(channel, publication, position);
    }

    /** Notifies the node that publications of these channels may have been lost. */
    public void disturb(String... channels) {
        disturb(List.of(channels));
    }

    /** The same for a collection of channels. */
    public void disturb(Collection<String> channels) {
        listener().onDisturbance(channels);
    }

    /** Notifies the node that a stream continues in another epoch. */
    public void continueEpoch(String channel, StreamPosition end, String epoch) {
        listener().onEpochContinued(channel, end, epoch);
    }

    /** Number of calls of this kind so far. */
    public int calls(Call call) {
        return calls.getOrDefault(call, 0);
    }

    /** Channels that the node is subscribed to. */
    public Set<String> subscribed() {
        return subscribed;
    }

    /** Presence entries of the node that were added and not removed, as channel and client id. */
    public Set<String> present() {
        return present;
    }

    private BrokerListener listener() {
        if (listener == null) {
            throw new IllegalStateException("the node did not start");
        }
        return listener;
    }

    private StreamPosition named(StreamPosition position) {
        return position.epoch().isEmpty()
                ? position
                : new StreamPosition(
                        position.offset(),
                        epochs.computeIfAbsent(position.epoch(), epoch -> "e" + (epochs.size() + 1)));
    }

    /** Runs this whenever the engine is called, before there is anything to subscribe to; it may throw. */
    public void beforeCall(Consumer<Call> action) {
        beforeCall = action;
    }

    private <T> Mono<T> scripted(Call call, Mono<T> work) {
        beforeCall.accept(call);
        return Mono.defer(() -> {
            calls.merge(call, 1, Integer::sum);
            Mono<T> done = Mono.defer(() -> failing.containsKey(call) ? Mono.error(failing.get(call)) : work);
            Gate gate = gates.get(call);
            if (gate == null) {
                return done;
            }
            Mono<Void> opened = gate.opened().asMono();
            return gate.resultsOnly()
                    ? done.materialize().delayUntil(result -> opened).dematerialize()
                    : opened.then(done);
        });
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

    /** What the control bus calls. */
    public NodeHandler node() {
        return Objects.requireNonNull(controlBus.handler);
    }

    @Override
    public Mono<Void> start() {
        return scripted(Call.START, engine.start());
    }

    private final class KnownControlBus implements ControlBus {

        private @Nullable NodeHandler handler;

        @Override
        public void start(NodeHandler handler) {
            this.handler = handler;
            engine.controlBus().start(handler);
        }

        @Override
        public Mono<Void> broadcast(ControlCommand command) {
            return engine.controlBus().broadcast(command);
        }

        @Override
        public Flux<ControlAnswer> survey(ControlQuestion question) {
            return engine.controlBus().survey(question);
        }

        @Override
        public Mono<ControlAnswer> ask(String nodeId, ControlQuestion question) {
            return engine.controlBus().ask(nodeId, question);
        }

        @Override
        public Mono<List<NodeDescription>> nodes() {
            return engine.controlBus().nodes();
        }
    }

    private final class ScriptedListener extends ForwardingBrokerListener {

        ScriptedListener(BrokerListener node) {
            super(node);
        }

        @Override
        public void onPublication(String channel, Publication publication, StreamPosition position) {
            if (!losing) {
                super.onPublication(channel, publication, named(position));
            }
        }

        @Override
        public void onEpochContinued(String channel, StreamPosition end, String epoch) {
            super.onEpochContinued(channel, named(end), epoch);
        }
    }

    private final class ScriptedBroker extends ForwardingBroker {

        ScriptedBroker(Broker broker) {
            super(broker);
        }

        @Override
        public void start(BrokerListener node) {
            listener = node;
            super.start(new ScriptedListener(node));
        }

        @Override
        public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
            return scripted(Call.PUBLISH, super.publish(channel, publication, options))
                    .map(result -> new PublishResult(named(result.position()), result.suppression()));
        }

        @Override
        public Mono<Void> publishJoin(String channel, ClientInfo info) {
            return scripted(Call.JOIN, super.publishJoin(channel, info));
        }

        @Override
        public Mono<Void> publishLeave(String channel, ClientInfo info) {
            return scripted(Call.LEAVE, super.publishLeave(channel, info));
        }

        @Override
        public Mono<Void> subscribe(String channel) {
            return scripted(Call.SUBSCRIBE, super.subscribe(channel).doOnSuccess(done -> subscribed.add(channel)));
        }

        @Override
        public Mono<Void> unsubscribe(String channel) {
            return scripted(
                    Call.UNSUBSCRIBE, super.unsubscribe(channel).doOnSuccess(done -> subscribed.remove(channel)));
        }

        @Override
        public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
            return scripted(Call.HISTORY, super.history(channel, query, options))
                    .map(result -> new HistoryResult(result.publications(), named(result.position()), predecessors));
        }

        @Override
        public Mono<Void> removeHistory(String channel) {
            return scripted(Call.REMOVE_HISTORY, super.removeHistory(channel));
        }
    }

    private final class ScriptedPresenceManager implements PresenceManager {

        @Override
        public Mono<Void> add(String channel, ClientInfo info) {
            return scripted(
                    Call.ADD_PRESENCE,
                    engine.presenceManager().add(channel, info).doOnSuccess(done -> entered(channel, info)));
        }

        private void entered(String channel, ClientInfo info) {
            present.add(channel + " " + info.clientId());
        }

        @Override
        public Mono<Void> refresh(Map<String, ? extends Collection<ClientInfo>> refreshed) {
            return scripted(
                    Call.REFRESH_PRESENCE,
                    engine.presenceManager()
                            .refresh(refreshed)
                            .doOnSuccess(done -> refreshed.forEach(
                                    (channel, infos) -> infos.forEach(info -> entered(channel, info)))));
        }

        @Override
        public Mono<Void> remove(String channel, String clientId) {
            return scripted(
                    Call.REMOVE_PRESENCE,
                    engine.presenceManager()
                            .remove(channel, clientId)
                            .doOnSuccess(done -> present.remove(channel + " " + clientId)));
        }

        @Override
        public Mono<Map<String, ClientInfo>> presence(String channel) {
            return scripted(Call.READ_PRESENCE, engine.presenceManager().presence(channel));
        }

        @Override
        public Mono<PresenceStats> stats(String channel) {
            return scripted(Call.READ_PRESENCE, engine.presenceManager().stats(channel));
        }
    }
}
