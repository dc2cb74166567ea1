package dev.realtime.engine.redis.broker;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.epoch.EpochFence;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.PubSubName;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.pubsub.SubscriptionListener;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ReplicaScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptCall;
import dev.realtime.engine.redis.script.ScriptRequest;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.PublishReply;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.engine.redis.stream.StreamScripts;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.BrokerListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The broker of a node whose deployment shares a Redis.
 *
 * <p>A publication with history takes its offset, is appended and published by one script, so streams and what arrives
 * have the same order. Without history it is only published. Commands are handed to the driver on the thread that
 * subscribes, those of one partition on one connection: that keeps the order of publishes that are not waited for.
 */
public final class RedisBroker implements Broker, SubscriptionListener {

    /** The first read, one after all nodes settled what they saw, and one more if Redis changed again meanwhile. */
    private static final int MOST_READS = 3;

    /** Most bytes that all channels together hold back. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private final RedisKeys redisKeys;

    private final RedisScripts scripts;

    private final RedisCommands commands;

    private final StreamScripts streams;

    private final SubscriptionManager subscriptions;

    private final Generations seen;

    private final PartitionCommands redis;

    private final GarbageLog garbage;

    private final StreamReads reads;

    private final EpochFence fence;

    private final ReplicaWaits replicaWaits;

    private final HoldbackBudget holdback = new HoldbackBudget(MAX_HELD_BYTES);

    /** Name that is published under to the follower of a channel that this node is subscribed to. */
    private final Map<PubSubName, StreamFollower> followers = new ConcurrentHashMap<>();

    private volatile @Nullable BrokerListener listener;

    private volatile boolean finishing;

    private final ReplicaScripts replicas;

    public RedisBroker(
            RedisKeys redisKeys,
            RedisScripts scripts,
            RedisCommands commands,
            StreamScripts streams,
            SubscriptionManager subscriptions,
            Generations seen,
            GarbageLog garbage,
            EpochFence fence,
            ReplicaScripts replicas) {
        this.replicas = replicas;
        this.redisKeys = redisKeys;
        this.scripts = scripts;
        this.commands = commands;
        this.streams = streams;
        this.subscriptions = subscriptions;
        this.seen = seen;
        this.redis = scripts.redis();
        this.garbage = garbage;
        this.fence = fence;
        this.reads = new StreamReads(scripts, streams, subscriptions);
        this.replicaWaits = new ReplicaWaits(redisKeys, scripts, scripts.commandTimeout());
    }

    @Override
    public void start(BrokerListener listener) {
        this.listener = listener;
        fence.start(followers::values);
    }

    @Override
    public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
        if (options.history().enabled()) {
            RedisKeys.ChannelKeys keys = redisKeys.of(channel);
            ScriptRequest<PublishReply> request =
                    streams.publish(channel, keys, PublicationFormat.write(publication), options);
            Mono<PublishResult> taken = Mono.create(sink -> {
                if (finishing) {
                    sink.error(isStopping(channel));
                } else {
                    scripts.run(request, new Acknowledgement(sink, channel, keys, seen.tick()));
                }
            });
            return options.replicated()
                    ? Mono.defer(() -> {
                        long beganAt = System.nanoTime();
                        return taken.flatMap(result -> replicated(channel, keys, result, beganAt));
                    })
                    : taken;
        }
        byte[] message = ChannelMessage.withoutHistory(PublicationFormat.write(publication));
        if (!options.idempotencyKey().isEmpty()) {
            RedisKeys.ChannelKeys keys = redisKeys.of(channel);
            return scripts.run(streams.publishOnce(channel, keys, message, options.idempotencyKey()))
                    .map(PublishReply::result);
        }
        return send("Publishing to channel", channel, message).thenReturn(PublishResult.WITHOUT_HISTORY);
    }

    private static EngineException isStopping(String channel) {
        return new EngineException("Publishing to channel '" + channel
                + "' failed: this node is stopping and can no longer detect whether Redis loses the publication."
                + " Publish it on another node, with the same idempotency key if it had one.");
    }

    private Mono<PublishResult> replicated(
            String channel, RedisKeys.ChannelKeys keys, PublishResult result, long beganAt) {
        StreamPosition position = result.position();
        return replicaWaits
                .await(channel, keys, position.epoch(), position.offset(), beganAt)
                .thenReturn(result);
    }

    /** The end of a publish with history. */
    private final class Acknowledgement implements ScriptCall.Observer<PublishReply> {

        private final MonoSink<PublishResult> sink;

        private final String channel;

        private final RedisKeys.ChannelKeys keys;

        private final int sentAt;

        Acknowledgement(MonoSink<PublishResult> sink, String channel, RedisKeys.ChannelKeys keys, int sentAt) {
            this.sink = sink;
            this.channel = channel;
            this.keys = keys;
            this.sentAt = sentAt;
        }

        @Override
        public void succeeded(PublishReply reply) {
            PublishResult result = reply.result();
            StreamPosition position = result.position();
            // Also of a repetition: the first reply may have been lost, and with it what this node would have noted.
            boolean ended = !seen.acknowledged(channel, position.epoch(), position.offset());
            String generation = Generation.of(position.epoch());
            if (result.suppression() == PublishResult.Suppression.IDEMPOTENCY_KEY) {
                // The key and what was published under it are replicated together, whichever generation that was of.
                generation = reply.generation();
                ended = seen.hasGenerationEnded(generation);
            }
            if (seen.isClosed()) {
                sink.error(isStopping(channel));
            } else if (!ended && seen.isOutdated(keys.partition(), generation, sentAt)) {
                sink.error(new EngineException("Publishing to channel '" + channel
                        + "' failed: another server of Redis took over before the reply arrived, so it may be lost,"
                        + " though some clients may have received it. Publish it again, with the same idempotency key"
                        + " if it had one."));
            } else if (!ended) {
                sink.success(result);
            } else {
                redis.recheckPrimary();
                sink.error(new EngineException("Publishing to channel '" + channel
                        + "' failed: the server that accepted it was cut off and replaced by one without it, so it is"
                        + " lost, though some clients may have received it. Publish it again, with the same"
                        + " idempotency key if it had one."));
            }
        }

        @Override
        public void failed(EngineException error) {
            sink.error(error);
        }
    }

    @Override
    public Mono<Void> publishJoin(String channel, ClientInfo info) {
        return send("Publishing a join to channel", channel, ChannelMessage.joined(info));
    }

    @Override
    public Mono<Void> publishLeave(String channel, ClientInfo info) {
        return send("Publishing a leave to channel", channel, ChannelMessage.left(info));
    }

    private Mono<Void> send(String what, String channel, byte[] message) {
        RedisKeys.ChannelKeys keys = redisKeys.of(channel);
        return scripts.publish(keys.partition(), keys.name(), message, what, channel)
                .then();
    }

    @Override
    public Mono<Void> subscribe(String channel) {
        return Mono.defer(() -> {
            RedisKeys.ChannelKeys keys = redisKeys.of(channel);
            PubSubName name = new PubSubName(keys.name());
            StreamFollower follower = followers.compute(
                    name, (unused, known) -> known == null || known.isClosed() ? newFollower(channel, keys) : known);
            return subscriptions.subscribe(keys.partition(), name.bytes(), this).doOnError(error -> {
                follower.close();
                followers.remove(name, follower);
            });
        });
    }

    private StreamFollower newFollower(String channel, RedisKeys.ChannelKeys keys) {
        BrokerListener started = listener;
        if (started == null) {
            throw new IllegalStateException("Broker not started: call Broker.start first");
        }
        return new StreamFollower(channel, keys, started, reads, fence, holdback, scripts.statistics(), garbage);
    }

    @Override
    public Mono<Void> unsubscribe(String channel) {
        return Mono.defer(() -> {
            RedisKeys.ChannelKeys keys = redisKeys.of(channel);
            PubSubName name = new PubSubName(keys.name());
            StreamFollower follower = followers.get(name);
            if (follower == null) {
                return Mono.empty();
            }
            // A settlement that begins now finds the follower, or what it has noted.
            follower.close();
            if (!followers.remove(name, follower)) {
                return Mono.empty();
            }
            return subscriptions.unsubscribe(keys.partition(), name.bytes());
        });
    }

    @Override
    public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
        return history(channel, redisKeys.of(channel), query, options, MOST_READS);
    }

    @Override
    public Mono<HistoryResult> peekHistory(String channel, HistoryQuery query, HistoryOptions options) {
        return Mono.defer(() -> {
                    RedisKeys.ChannelKeys keys = redisKeys.of(channel);
                    return replicas.read(
                            Script.REPLICA_HISTORY,
                            new byte[][] {keys.meta(), keys.stream()},
                            StreamScripts.range(query));
                })
                .map(reply -> streams.read(reply, query, channel))
                .filter(read -> reaches(read.position(), query.since()))
                .filter(read -> saw(channel, read.position()))
                .map(read -> new HistoryResult(read.publications(), read.position()))
                .switchIfEmpty(history(channel, query, options));
    }

    /** Notes that a client may know of this place; {@code false} if it is of a generation that has ended. */
    private boolean saw(String channel, StreamPosition top) {
        seen.saw(channel, top.epoch(), top.offset());
        return !fence.hasEnded(top.epoch());
    }

    /** Returns whether a stream that may be a moment old is as far as the caller, in the same epoch. */
    private static boolean reaches(StreamPosition top, @Nullable StreamPosition since) {
        return since == null
                || since.offset() <= top.offset()
                        && (since.epoch().isEmpty() || since.epoch().equals(top.epoch()));
    }

    /** @param reads of the stream at most: what nodes find of a past epoch may begin another */
    private Mono<HistoryResult> history(
            String channel, RedisKeys.ChannelKeys keys, HistoryQuery query, HistoryOptions options, int reads) {
        return Mono.defer(() -> {
            StreamFollower follower = followers.get(new PubSubName(keys.name()));
            int interruptions = follower == null ? 0 : follower.interruptions();
            int askedAt = seen.tick();
            return scripts.run(streams.history(channel, keys, query, options)).flatMap(reply -> {
                StreamRead read = streams.read(reply, query, channel);
                StreamPosition top = read.position();
                if (!saw(channel, top) || seen.isOutdated(keys.partition(), Generation.of(top.epoch()), askedAt)) {
                    redis.recheckPrimary();
                    return Mono.error(new EngineException("Reading the history of channel '" + channel
                            + "' failed: the server that answered was replaced. Try again."));
                }
                if (follower != null) {
                    follower.learn(read, interruptions);
                }
                PastEpoch.Verdicts verdicts = fence.verdicts();
                HistoryResult result = new HistoryResult(
                        read.publications(),
                        top,
                        PastEpoch.whole(read.past(), top, verdicts),
                        PastEpoch.names(read.past()));
                List<PastEpoch.Open> open = PastEpoch.open(read.past(), top, query.since(), verdicts);
                if (reads == 1 || open.isEmpty()) {
                    return Mono.just(result);
                }
                return fence.judge(keys, channel, open)
                        .flatMap(judged ->
                                judged ? history(channel, keys, query, options, reads - 1) : Mono.just(result));
            });
        });
    }

    @Override
    public Mono<Map<String, StreamPosition>> positions(Map<String, HistoryOptions> channels) {
        return new PositionReads(redisKeys, scripts, seen, keys -> followers.get(new PubSubName(keys.name())))
                .read(channels, channel -> history(channel, HistoryQuery.POSITION, channels.get(channel)));
    }

    @Override
    public Mono<Void> removeHistory(String channel) {
        RedisKeys.ChannelKeys keys = redisKeys.of(channel);
        return commands.run(
                "Removing the history of channel",
                channel,
                () -> redis.commands(keys.partition()).del(keys.stream()),
                deleted -> null);
    }

    @Override
    public void onMessage(int partition, byte[] name, byte[] message) {
        StreamFollower follower = followers.get(new PubSubName(name));
        if (follower != null) {
            follower.onMessage(message);
        }
    }

    @Override
    public void onResubscribed(int partition, Collection<byte[]> names) {
        for (byte[] name : names) {
            StreamFollower follower = followers.get(new PubSubName(name));
            if (follower != null) {
                follower.onInterruption();
            }
        }
    }

    /**
     * Stops delivery and refuses publishes with history. Completes with whether everything that this node saw is safe
     * or settled, so that no other node has to ask it.
     */
    public Mono<Boolean> finish(Duration longest) {
        return Mono.defer(() -> {
            finishing = true;
            followers.values().forEach(StreamFollower::close);
            followers.clear();
            return fence.finish(longest);
        });
    }

    /** Stops what is left. */
    public void stop() {
        fence.stop();
    }
}
