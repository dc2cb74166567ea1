package dev.realtime.engine.redis.loss;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.redis.loss.Journal.Entry;
import dev.realtime.engine.redis.loss.Sighting.Delivered;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.engine.Engine;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Nodes with publishers and subscribers at work, from start to verdict. The nodes are real, with everything but
 * sockets. Most channels have history and are recoverable; those of the namespace {@code plain} have none.
 */
public final class LossRun implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private static final Duration LONGEST_CATCH_UP = Duration.ofSeconds(20);

    private static final int KEPT = 1000;

    private static final String PLAIN = "plain";

    private final Journal journal = new Journal();

    private final List<RealtimeNode> nodes = new ArrayList<>();

    private final List<SubscriberClient> subscribers = new ArrayList<>();

    private final List<LoadPublisher> publishers = new ArrayList<>();

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "loss-publishers"));

    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(2);

    private LossRun(List<? extends Engine> engines, Load load, PublishAck acknowledged) {
        try {
            for (Engine engine : engines) {
                RealtimeNode node = node(engine, "node-" + nodes.size(), acknowledged);
                nodes.add(node);
                node.start().block(LONGEST_START);
            }
            List<String> channels = new ArrayList<>();
            for (int channel = 0; channel < load.channels(); channel++) {
                channels.add("channel-" + channel);
            }
            for (int channel = 0; channel < load.plainChannels(); channel++) {
                channels.add(PLAIN + ":channel-" + channel);
            }
            subscribe(channels, load);
            publish(channels, load);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Starts a node on each engine, and clients of all nodes; returns when publications arrive everywhere. */
    public static LossRun start(List<? extends Engine> engines, Load load) {
        return start(engines, load, PublishAck.PRIMARY);
    }

    /**
     * The same.
     *
     * @param acknowledged when publishes of channels with history are
     */
    public static LossRun start(List<? extends Engine> engines, Load load, PublishAck acknowledged) {
        return new LossRun(engines, load, acknowledged);
    }

    static RealtimeNode node(Engine engine, String name, PublishAck acknowledged) {
        Access anyone = new Access(true, false, true);
        ChannelOptions plain = ChannelOptions.builder().subscribeAccess(anyone).build();
        ChannelOptions recoverable = ChannelOptions.builder()
                .history(new HistoryOptions(KEPT, Duration.ofMinutes(5), HistoryOptions.DEFAULT_META_TTL))
                .forceRecovery(true)
                .subscribeAccess(anyone)
                .publishAck(acknowledged)
                .build();
        return RealtimeNode.builder(
                        new NodeOptions(name, "test", Duration.ZERO, Duration.ofSeconds(5)),
                        new Namespaces(ChannelNameRules.DEFAULTS, recoverable, Map.of(PLAIN, plain), null),
                        engine,
                        value -> Payload.ofText("\"" + value + "\""))
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .recoveryMaxPublicationLimit(KEPT)
                        .channelLimit(KEPT)
                        .build())
                .build();
    }

    private void subscribe(List<String> channels, Load load) {
        int next = 0;
        for (RealtimeNode node : nodes) {
            for (int subscriber = 0; subscriber < load.subscribersPerNode(); subscriber++) {
                List<String> some = new ArrayList<>();
                for (int channel = 0; channel < Math.min(load.channelsPerSubscriber(), channels.size()); channel++) {
                    some.add(channels.get(next++ % channels.size()));
                }
                String name = node.options().name() + "-subscriber-" + subscriber;
                SubscriberClient client = new SubscriberClient(name, node, some, executors.next());
                subscribers.add(client);
                client.start();
            }
        }
        await(
                "all subscriptions begin",
                LONGEST_START,
                () -> logs().stream().noneMatch(log -> log.sightings().isEmpty()));
    }

    private void publish(List<String> channels, Load load) {
        for (int channel = 0; channel < channels.size(); channel++) {
            LoadPublisher publisher = new LoadPublisher(
                    nodes.get(channel % nodes.size()).publisher(),
                    channels.get(channel),
                    channel % 3 != 0,
                    load.pause(),
                    journal,
                    timer);
            publishers.add(publisher);
            // Spread, so that a publish is in progress at every moment.
            publisher.start(load.pause().multipliedBy(channel).dividedBy(channels.size()));
        }
        awaitDelivery();
    }

    /** The nodes, in the order of their engines. */
    public List<RealtimeNode> nodes() {
        return List.copyOf(nodes);
    }

    /** What was published so far. */
    public Journal journal() {
        return journal;
    }

    /** How often the server closed a connection. */
    public int disconnects() {
        return subscribers.stream().mapToInt(SubscriberClient::disconnects).sum();
    }

    /** Returns when in every channel something published after this call has reached every subscriber. */
    public void awaitDelivery() {
        long from = System.nanoTime();
        await(
                "publications reach every subscriber",
                LONGEST_CATCH_UP,
                () -> logs().stream().allMatch(log -> hasDeliveredAnyStartedAfter(log, from)));
    }

    private boolean hasDeliveredAnyStartedAfter(SubscriberLog log, long from) {
        List<Sighting> sightings = log.sightings();
        // Latest first: only the end of a long log is of interest.
        for (int index = sightings.size() - 1;
                index >= 0 && sightings.get(index).atNanos() > from;
                index--) {
            if (sightings.get(index) instanceof Delivered delivered) {
                Entry entry = journal.find(log.channel(), delivered.data());
                if (entry != null && entry.startedNanos > from) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Longest time from the first attempt to publish something until a subscriber that was there had it, of all that
     * was published since a moment.
     *
     * @param fromNanos by {@link System#nanoTime()}
     */
    public Duration slowestDelivery(long fromNanos) {
        long slowest = 0;
        for (SubscriberLog log : logs()) {
            for (Sighting sighting : log.sightings()) {
                if (sighting instanceof Delivered delivered) {
                    Entry entry = journal.find(log.channel(), delivered.data());
                    if (entry != null && entry.startedNanos >= fromNanos) {
                        slowest = Math.max(slowest, delivered.atNanos() - entry.startedNanos);
                    }
                }
            }
        }
        return Duration.ofNanos(slowest);
    }

    /**
     * What of that which was acknowledged in channels with history the stream does not have, though it keeps as much.
     */
    public List<String> missingInStreams() {
        RealtimeChannels channels = nodes.get(0).channels();
        List<String> missing = new ArrayList<>();
        logs(false).stream().map(SubscriberLog::channel).distinct().forEach(channel -> {
            Set<String> kept =
                    channels.history(channel, HistoryQuery.latest(KEPT)).block(LONGEST_START).publications().stream()
                            .map(publication -> publication.data().text())
                            .collect(Collectors.toSet());
            journal.acknowledged(channel).stream()
                    .filter(entry -> !kept.contains(entry.data))
                    .forEach(entry -> missing.add(entry.toString()));
        });
        return missing;
    }

    /** Ends publishing, waits until subscribers have what they are owed, and judges. */
    public Verdict finish() {
        return finish(LONGEST_CATCH_UP);
    }

    /** The same where not everything can be expected to arrive. */
    Verdict finish(Duration longestCatchUp) {
        CompletableFuture.allOf(publishers.stream().map(LoadPublisher::stop).toArray(CompletableFuture[]::new))
                .orTimeout(LONGEST_CATCH_UP.toSeconds() + 10, TimeUnit.SECONDS)
                .join();
        List<SubscriberLog> logs = logs(false);
        long end = System.nanoTime() + longestCatchUp.toNanos();
        while (System.nanoTime() < end && !logs.stream().allMatch(log -> LossChecker.isComplete(journal, log))) {
            pause();
        }
        return verdict();
    }

    private Verdict verdict() {
        Verdict verdict = LossChecker.check(journal, logs(false));
        AtMostOnceChecker.check(journal, logs(true), verdict);
        return verdict;
    }

    private List<SubscriberLog> logs() {
        return subscribers.stream()
                .flatMap(subscriber -> subscriber.logs().stream())
                .toList();
    }

    private List<SubscriberLog> logs(boolean plain) {
        return logs().stream()
                .filter(log -> log.channel().startsWith(PLAIN) == plain)
                .toList();
    }

    private void await(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not within %s: %s. So far: %s".formatted(limit, what, verdict()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for subscribers", stopped);
        }
    }

    @Override
    public void close() {
        publishers.forEach(LoadPublisher::stop);
        subscribers.forEach(SubscriberClient::close);
        nodes.forEach(node -> node.stop().onErrorComplete().block(Duration.ofSeconds(10)));
        timer.shutdownNow();
        executors.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
