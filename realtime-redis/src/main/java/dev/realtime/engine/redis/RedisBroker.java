package dev.realtime.engine.redis;

import dev.realtime.channel.HistoryOptions;
import dev.realtime.engine.Broker;
import dev.realtime.engine.BrokerListener;
import dev.realtime.engine.EngineException;
import dev.realtime.engine.HistoryQuery;
import dev.realtime.engine.HistoryResult;
import dev.realtime.engine.PublishOptions;
import dev.realtime.engine.PublishResult;
import dev.realtime.protocol.ClientInfo;
import dev.realtime.protocol.Publication;
import dev.realtime.protocol.StreamPosition;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The broker of a node whose deployment shares a Redis.
 *
 * <p>A publication with history takes its offset, is appended and published by one script, so streams and what arrives have the
 * same order. Without history it is only published. Commands are handed to the driver on the thread that subscribes, those
 * of one partition on one connection: that keeps the order of publishes that are not waited for.
 */
final class RedisBroker implements Broker, SubscriptionListener {

    private final RedisParts parts;

    private final StreamReads reads;

    private final Boundaries boundaries;

    /** Name that is published under to the feed of a channel that this node is subscribed to. */
    private final Map<Name, ChannelFeed> feeds = new ConcurrentHashMap<>();

    private volatile @Nullable BrokerListener listener;

    RedisBroker(RedisParts parts, Surveys surveys) {
        this.parts = parts;
        this.boundaries = new Boundaries(parts, surveys, feeds::get);
        this.reads = new StreamReads(parts.scripts(), parts.streams(), boundaries);
    }

    @Override
    public void start(BrokerListener listener) {
        this.listener = listener;
    }

    @Override
    public Mono<PublishResult> publish(String channel, Publication publication, PublishOptions options) {
        if (options.history().enabled()) {
            RedisKeys.ChannelKeys keys = parts.keys().of(channel);
            ScriptRequest<PublishOutput.Published> request =
                    parts.streams().publish(channel, keys, PublicationFormat.write(publication), options);
            return Mono.create(sink -> parts.scripts().run(request, new Acknowledgement(sink, channel, keys)));
        }
        byte[] message = ChannelMessage.withoutHistory(PublicationFormat.write(publication));
        if (!options.idempotencyKey().isEmpty()) {
            RedisKeys.ChannelKeys keys = parts.keys().of(channel);
            return parts.scripts()
                    .run(parts.streams().publishOnce(channel, keys, message, options.idempotencyKey()))
                    .map(PublishOutput.Published::result);
        }
        return send("Publishing to channel", channel, message, PublishResult.WITHOUT_HISTORY);
    }

    /** The end of a publish with history. */
    private final class Acknowledgement implements ScriptCall.Observer<PublishOutput.Published> {

        private final MonoSink<PublishResult> sink;

        private final String channel;

        private final RedisKeys.ChannelKeys keys;

        Acknowledgement(MonoSink<PublishResult> sink, String channel, RedisKeys.ChannelKeys keys) {
            this.sink = sink;
            this.channel = channel;
            this.keys = keys;
        }

        @Override
        public void succeeded(PublishOutput.Published published) {
            PublishResult result = published.result();
            StreamPosition position = result.position();
            if (!published.past().isEmpty()) {
                boundaries.met(keys, channel, PastEpoch.parse(published.past()));
            }
            if (position.offset() == 0 || parts.seen().saw(keys.hash(), position.epoch(), position.offset())) {
                sink.success(result);
            } else {
                sink.error(new EngineException(
                        "Publishing to channel '" + channel + "' failed: the server that took it is no"
                                + " longer the one that keeps this channel, so it is lost. Publish it again."));
            }
        }

        @Override
        public void failed(EngineException error) {
            sink.error(error);
        }
    }

    @Override
    public Mono<Void> publishJoin(String channel, ClientInfo info) {
        return send("Telling of a join in channel", channel, ChannelMessage.joined(info), null);
    }

    @Override
    public Mono<Void> publishLeave(String channel, ClientInfo info) {
        return send("Telling of a leave in channel", channel, ChannelMessage.left(info), null);
    }

    private <T> Mono<T> send(String what, String channel, byte[] message, @Nullable T result) {
        RedisKeys.ChannelKeys keys = parts.keys().of(channel);
        return parts.commands()
                .run(
                        what,
                        channel,
                        () -> parts.link().publish(keys.partition(), keys.name(), message),
                        receivers -> result);
    }

    @Override
    public Mono<Void> subscribe(String channel) {
        return Mono.defer(() -> {
            RedisKeys.ChannelKeys keys = parts.keys().of(channel);
            Name name = new Name(keys.name());
            ChannelFeed feed = feeds.computeIfAbsent(name, unused -> newFeed(channel, keys));
            return parts.subscriptions()
                    .subscribe(keys.partition(), name.bytes())
                    .doOnError(error -> {
                        feeds.remove(name, feed);
                        feed.close();
                    });
        });
    }

    private ChannelFeed newFeed(String channel, RedisKeys.ChannelKeys keys) {
        BrokerListener told = listener;
        if (told == null) {
            throw new IllegalStateException("Broker.start must be called before a channel is subscribed to");
        }
        return new ChannelFeed(channel, keys, told, reads, parts.statistics(), parts.garbage());
    }

    @Override
    public Mono<Void> unsubscribe(String channel) {
        return Mono.defer(() -> {
            RedisKeys.ChannelKeys keys = parts.keys().of(channel);
            Name name = new Name(keys.name());
            ChannelFeed feed = feeds.remove(name);
            if (feed == null) {
                return Mono.empty();
            }
            feed.close();
            return parts.subscriptions().unsubscribe(keys.partition(), name.bytes());
        });
    }

    @Override
    public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
        return Mono.defer(() -> {
            RedisKeys.ChannelKeys keys = parts.keys().of(channel);
            return read(channel, keys, query, options).flatMap(read -> {
                if (!PastEpoch.mustSettle(read.past(), query.since())) {
                    return Mono.just(result(read));
                }
                return boundaries
                        .settle(keys, channel, read.past())
                        .then(read(channel, keys, query, options))
                        .map(RedisBroker::result);
            });
        });
    }

    private static HistoryResult result(StreamRead read) {
        return new HistoryResult(read.publications(), read.position(), PastEpoch.whole(read.past()));
    }

    private Mono<StreamRead> read(
            String channel, RedisKeys.ChannelKeys keys, HistoryQuery query, HistoryOptions options) {
        return Mono.defer(() -> {
            ChannelFeed feed = feeds.get(new Name(keys.name()));
            int interruptions = feed == null ? 0 : feed.interruptions();
            return parts.scripts()
                    .run(parts.streams().history(channel, keys, query, options))
                    .map(reply -> {
                        StreamRead read = parts.streams().read(reply, query, channel);
                        StreamPosition top = read.position();
                        parts.seen().saw(keys.hash(), top.epoch(), top.offset());
                        boundaries.met(keys, channel, read.past());
                        if (feed != null) {
                            feed.learn(top, interruptions);
                        }
                        return read;
                    });
        });
    }

    @Override
    public Mono<Void> removeHistory(String channel) {
        RedisKeys.ChannelKeys keys = parts.keys().of(channel);
        return parts.commands()
                .run(
                        "Removing the history of channel",
                        channel,
                        () -> parts.link().commands(keys.partition()).del(keys.stream()),
                        deleted -> null);
    }

    @Override
    public void onMessage(int partition, byte[] name, byte[] message) {
        ChannelFeed feed = feeds.get(new Name(name));
        if (feed != null) {
            feed.onMessage(message);
        }
    }

    @Override
    public void onResubscribed(int partition, Collection<byte[]> names) {
        for (byte[] name : names) {
            ChannelFeed feed = feeds.get(new Name(name));
            if (feed != null) {
                feed.onInterruption();
            }
        }
    }

    /** Passes nothing on any more. */
    void stop() {
        feeds.values().forEach(ChannelFeed::close);
        feeds.clear();
    }
}
