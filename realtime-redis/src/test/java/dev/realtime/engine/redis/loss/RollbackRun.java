package dev.realtime.engine.redis.loss;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.loss.Journal.Entry;
import dev.realtime.engine.redis.loss.Sighting.Begun;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.engine.Engine;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Many channels through one rollback of Redis at a time, each a case of its own: how much is lost, where its clients
 * stand, how much follows. Nodes and clients are real; every step is waited for.
 */
public final class RollbackRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int PUBLISHED_AT_ONCE = 64;

    /**
     * One channel.
     *
     * @param kept publications that survive
     * @param lost how many are rolled back; 0 for a channel that loses nothing
     * @param after how many follow the rollback
     */
    public record Case(String channel, int kept, int lost, int after) {

        int top() {
            return kept + lost;
        }
    }

    private final List<RealtimeNode> nodes = new ArrayList<>();

    private final List<Case> cases;

    private final Journal journal = new Journal();

    /** Channel to what was published in it before the rollback. */
    private final Map<String, List<Entry>> before = new ConcurrentHashMap<>();

    private final List<SubscriberClient> clients = new ArrayList<>();

    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(2);

    /** Starts a node on each engine, with one client each that is in all channels. */
    public RollbackRun(List<? extends Engine> engines, List<Case> cases) {
        this.cases = cases;
        try {
            for (Engine engine : engines) {
                RealtimeNode node = LossRun.node(engine, "node-" + nodes.size(), PublishAck.PRIMARY);
                nodes.add(node);
                node.start().block(PATIENCE);
            }
            for (RealtimeNode node : nodes) {
                SubscriberClient live = client("live", node);
                live.start();
                await("subscriptions begin", () -> begun(live));
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private static boolean begun(SubscriberClient client) {
        return client.logs().stream().noneMatch(log -> log.sightings().isEmpty());
    }

    private SubscriberClient client(String name, RealtimeNode node) {
        SubscriberClient client = new SubscriberClient(
                name + " at " + node.options().name(),
                node,
                cases.stream().map(Case::channel).toList(),
                executors.next());
        clients.add(client);
        return client;
    }

    /** Publishes what will survive; returns when it was acknowledged and has arrived. */
    public void publishKept() {
        publish("kept", Case::kept);
        awaitArrival();
    }

    /** Publishes what will be rolled back; the same. */
    public void publishLost() {
        publish("lost", Case::lost);
        awaitArrival();
    }

    /** Publishes what follows; returns when it was acknowledged. */
    public void publishAfter() {
        publish("after", Case::after);
    }

    /** Publishes one more in each channel; returns when all clients have what they are owed. */
    public void publishLast() {
        publish("last", channel -> 1);
        awaitArrival();
    }

    private void awaitArrival() {
        await(
                "what was published arrives",
                () -> logs().stream().allMatch(log -> LossChecker.isComplete(journal, log)));
    }

    private void publish(String name, ToIntFunction<Case> count) {
        Flux.fromIterable(cases)
                .index()
                .flatMap(
                        indexed -> publish(
                                nodes.get((int) (indexed.getT1() % nodes.size())),
                                indexed.getT2().channel(),
                                name,
                                count.applyAsInt(indexed.getT2())),
                        PUBLISHED_AT_ONCE)
                .then()
                .block(PATIENCE);
    }

    private Mono<Void> publish(RealtimeNode node, String channel, String name, int count) {
        return Flux.range(1, count)
                .concatMap(number -> Mono.defer(() -> {
                    Entry entry = journal.begin(
                            channel, "\"" + channel + " " + name + " " + number + "\"", System.nanoTime());
                    before.computeIfAbsent(channel, unused -> Collections.synchronizedList(new ArrayList<>()))
                            .add(entry);
                    return node.publisher()
                            .publish(
                                    channel,
                                    Payload.ofText(entry.data),
                                    PublishOptions.DEFAULTS.withIdempotencyKey(entry.data))
                            .retryWhen(Retry.fixedDelay(200, Duration.ofMillis(50)))
                            .doOnNext(result -> journal.acknowledge(entry, result.position()));
                }))
                .then();
    }

    /**
     * A client that had gone away before the rollback comes back to all channels, by some node; returns when it is
     * subscribed.
     *
     * @param place offset it had got to in each channel
     */
    public void comeBack(String name, int byNode, ToIntFunction<Case> place) {
        SubscriberClient client = client(name, nodes.get(byNode % nodes.size()));
        for (Case one : cases) {
            List<Entry> got = before.get(one.channel()).subList(0, place.applyAsInt(one));
            StreamPosition first = got.get(0).acknowledged;
            client.wasAt(
                    one.channel(),
                    new StreamPosition(got.size(), first == null ? "" : first.epoch()),
                    got.stream().map(entry -> entry.data).toList());
        }
        client.start();
        await("a client comes back", () -> client.logs().stream().allMatch(RollbackRun::cameBack));
    }

    private static boolean cameBack(SubscriberLog log) {
        return log.sightings().stream()
                .anyMatch(sighting -> sighting instanceof Sighting.Recovered
                        || sighting instanceof Begun begun && begun.position().offset() > 0);
    }

    private List<SubscriberLog> logs() {
        return clients.stream().flatMap(client -> client.logs().stream()).toList();
    }

    /** Each client in each channel that lost something. */
    public int lossyCases() {
        return clients.size()
                * (int) cases.stream().filter(one -> one.lost() > 0).count();
    }

    /** What all clients saw, compared with what was published. */
    public Verdict verdict() {
        return LossChecker.check(journal, logs());
    }

    /** The same for channels that lost nothing. */
    public Verdict verdictOfWholeChannels() {
        List<String> whole =
                cases.stream().filter(one -> one.lost() == 0).map(Case::channel).toList();
        return LossChecker.check(
                journal,
                logs().stream().filter(log -> whole.contains(log.channel())).toList());
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not within %s: %s. So far: %s".formatted(PATIENCE, what, verdict()));
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting", stopped);
            }
        }
    }

    @Override
    public void close() {
        clients.forEach(SubscriberClient::close);
        nodes.forEach(node -> node.stop().onErrorComplete().block(Duration.ofSeconds(10)));
        executors.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
