package dev.realtime.engine.redis.loss;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.BrokerListener;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.PresenceManager;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/** An engine that keeps publications from its node while a condition holds, and says nothing about it. */
final class LeakyEngine implements Engine {

    private final Engine engine;

    private final BooleanSupplier leaks;

    LeakyEngine(Engine engine, BooleanSupplier leaks) {
        this.engine = engine;
        this.leaks = leaks;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Broker broker() {
        return new LeakyBroker(engine.broker());
    }

    @Override
    public PresenceManager presenceManager() {
        return engine.presenceManager();
    }

    @Override
    public ControlBus controlBus() {
        return engine.controlBus();
    }

    @Override
    public Mono<Void> start() {
        return engine.start();
    }

    @Override
    public Mono<Void> stop() {
        return engine.stop();
    }

    private final class LeakyBroker implements Broker {

        private final Broker broker;

        LeakyBroker(Broker broker) {
            this.broker = broker;
        }

        @Override
        public void start(BrokerListener listener) {
            broker.start(new LeakyListener(listener));
        }

        @Override
        public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
            return broker.publish(channel, publication, options);
        }

        @Override
        public Mono<Void> publishJoin(String channel, ClientInfo info) {
            return broker.publishJoin(channel, info);
        }

        @Override
        public Mono<Void> publishLeave(String channel, ClientInfo info) {
            return broker.publishLeave(channel, info);
        }

        @Override
        public Mono<Void> subscribe(String channel) {
            return broker.subscribe(channel);
        }

        @Override
        public Mono<Void> unsubscribe(String channel) {
            return broker.unsubscribe(channel);
        }

        @Override
        public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
            return broker.history(channel, query, options);
        }

        @Override
        public Mono<Void> removeHistory(String channel) {
            return broker.removeHistory(channel);
        }
    }

    private final class LeakyListener implements BrokerListener {

        private final BrokerListener listener;

        LeakyListener(BrokerListener listener) {
            this.listener = listener;
        }

        @Override
        public void onPublication(String channel, Publication publication, StreamPosition position) {
            if (!leaks.getAsBoolean()) {
                listener.onPublication(channel, publication, position);
            }
        }

        @Override
        public void onJoin(String channel, ClientInfo info) {
            listener.onJoin(channel, info);
        }

        @Override
        public void onLeave(String channel, ClientInfo info) {
            listener.onLeave(channel, info);
        }

        @Override
        public void onDisturbance(Collection<String> channels) {
            listener.onDisturbance(channels);
        }

        @Override
        public void onEpochContinued(String channel, StreamPosition end, String epoch) {
            listener.onEpochContinued(channel, end, epoch);
        }
    }
}
