package dev.realtime.engine.redis;

import dev.realtime.engine.Broker;
import dev.realtime.engine.ControlBus;
import dev.realtime.engine.Engine;
import dev.realtime.engine.PresenceManager;
import java.util.Collection;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The engine of many nodes that share a Redis: standalone, behind Sentinel, or a cluster. */
public final class RedisEngine implements Engine {

    private final RedisStatistics statistics;

    private final SubscriptionManager subscriptions;

    private final Mono<Void> open;

    private final Mono<Void> close;

    private final RedisBroker broker;

    private final RedisPresenceManager presenceManager;

    private final int controlPartition;

    RedisEngine(
            RedisEngineOptions options,
            Scheduler scheduler,
            RedisLink link,
            SubscriptionManager subscriptions,
            RedisStatistics statistics,
            Mono<Void> open,
            Mono<Void> close) {
        this.statistics = statistics;
        this.subscriptions = subscriptions;
        this.open = open;
        this.close = close;
        Partitions partitions = new Partitions(options.partitions());
        RedisKeys keys = new RedisKeys(options.prefix(), partitions);
        GarbageLog garbage = new GarbageLog(statistics);
        RedisScripts scripts =
                new RedisScripts(link, partitions, options.commandTimeout(), statistics, garbage, scheduler);
        RedisParts parts = new RedisParts(
                keys,
                link,
                subscriptions,
                scripts,
                new StreamScripts(link, garbage),
                new RedisCommands(options.commandTimeout(), statistics),
                statistics,
                garbage);
        this.controlPartition = partitions.control();
        this.broker = new RedisBroker(parts, (feed, stoodAt, past) -> {});
        this.presenceManager = new RedisPresenceManager(parts, options.presenceTtl());
    }

    @Override
    public String name() {
        return "redis";
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
        return new Nothing();
    }

    @Override
    public Mono<Void> start() {
        return Mono.defer(() -> {
            subscriptions.start(new Router());
            return open;
        });
    }

    @Override
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            broker.stop();
            return close;
        });
    }

    /** What this engine counted since it was made. */
    public RedisStatistics statistics() {
        return statistics;
    }

    /** Hands what arrives to the part it is for. */
    private final class Router implements SubscriptionListener {

        @Override
        public void onMessage(int partition, byte[] name, byte[] message) {
            if (partition != controlPartition) {
                broker.onMessage(partition, name, message);
            }
        }

        @Override
        public void onResubscribed(int partition, Collection<byte[]> names) {
            if (partition != controlPartition) {
                broker.onResubscribed(partition, names);
            }
        }
    }

    private static final class Nothing implements ControlBus {
        public void start(dev.realtime.engine.NodeHandler handler) {}

        public Mono<Void> broadcast(dev.realtime.engine.ControlCommand command) {
            return Mono.empty();
        }

        public reactor.core.publisher.Flux<dev.realtime.engine.ControlAnswer> survey(
                dev.realtime.engine.ControlQuestion question) {
            return reactor.core.publisher.Flux.empty();
        }

        public Mono<java.util.List<dev.realtime.engine.NodeDescription>> nodes() {
            return Mono.empty();
        }
    }
}
