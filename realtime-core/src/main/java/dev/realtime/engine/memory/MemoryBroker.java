package dev.realtime.engine.memory;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.BrokerListener;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The broker of a single node. Everything happens immediately, on the thread that subscribes to the {@code Mono}.
 *
 * <p>A publish takes its offset, is appended and reaches the listener under the lock of the channel's row in the
 * {@link ChannelTable}: that is what keeps the order. The listener therefore runs under this lock, for at most one
 * publication of a channel at a time, and must not use the broker from within.
 */
final class MemoryBroker implements Broker {

    private static final Logger logger = LoggerFactory.getLogger(MemoryBroker.class);

    private final ChannelTable<Row> channels;

    private final IdempotencyKeys keys;

    private final SecureRandom random = new SecureRandom();

    private volatile @Nullable BrokerListener listener;

    /**
     * @param nanoTime a clock that only goes forward
     * @param maxKeyBytes most memory for idempotency keys
     */
    MemoryBroker(LongSupplier nanoTime, long maxKeyBytes) {
        this.channels = new ChannelTable<>(Row::new, nanoTime);
        this.keys = new IdempotencyKeys(maxKeyBytes);
    }

    @Override
    public void start(BrokerListener listener) {
        this.listener = listener;
    }

    @Override
    public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
        if (options.replicated()) {
            return Mono.error(new EngineException("Publishing to channel '" + channel
                    + "' failed: it is to be acknowledged when a replica has it, and the memory engine has none. Remove"
                    + " publish-ack from its namespace, or use the Redis engine."));
        }
        return Mono.fromSupplier(new Publish(channel, publication, options));
    }

    /** One publish: what is subscribed to, and the work on the row of the channel. */
    private final class Publish implements Supplier<PublishResult>, ChannelTable.Work<Row, PublishResult> {

        private final String channel;

        private final Publication publication;

        private final AppendOptions options;

        Publish(String channel, Publication publication, AppendOptions options) {
            this.channel = channel;
            this.publication = publication;
            this.options = options;
        }

        @Override
        public PublishResult get() {
            if (!options.history().enabled() && options.idempotencyKey().isEmpty()) {
                return channels.useIfKept(channel, PublishResult.WITHOUT_HISTORY, this);
            }
            PublishResult result = channels.use(channel, this);
            forgetKeys();
            return result;
        }

        @Override
        public PublishResult apply(Row row, long nowMillis) {
            return publish(row, channel, publication, options, nowMillis);
        }
    }

    private PublishResult publish(
            Row row, String channel, Publication publication, AppendOptions options, long nowMillis) {
        StreamPosition answered = row.answerTo(options.idempotencyKey());
        if (answered != null) {
            return new PublishResult(answered, Suppression.IDEMPOTENCY_KEY);
        }
        StreamPosition position = StreamPosition.NONE;
        Publication published = publication.at(0);
        if (options.history().enabled()) {
            MemoryStream stream = row.stream(this::newEpoch);
            stream.prolong(options.history(), nowMillis);
            if (!stream.isNewer(options.version(), options.versionEpoch())) {
                return new PublishResult(stream.position(), Suppression.VERSION);
            }
            published = stream.append(publication, options, nowMillis);
            position = stream.position();
        }
        if (!options.idempotencyKey().isEmpty()) {
            row.remember(options.idempotencyKey(), position, nowMillis);
            keys.added(channel, options.idempotencyKey(), nowMillis);
        }
        deliver(row, channel, published, position);
        return options.history().enabled()
                ? new PublishResult(position, Suppression.NONE)
                : PublishResult.WITHOUT_HISTORY;
    }

    /** Forgets the oldest keys of all channels while they take too much memory; with no lock of a row. */
    private void forgetKeys() {
        for (IdempotencyKeys.Entry oldest = keys.overdue(); oldest != null; oldest = keys.overdue()) {
            String key = oldest.key();
            channels.useIfKept(oldest.channel(), false, (row, nowMillis) -> {
                row.forget(key);
                return true;
            });
        }
    }

    /**
     * Hands over to the listener if this node is subscribed. What is published stays published, whatever the listener
     * does.
     */
    private void deliver(Row row, String channel, Publication publication, StreamPosition position) {
        BrokerListener listener = this.listener;
        if (!row.subscribed || listener == null) {
            return;
        }
        try {
            listener.onPublication(channel, publication, position);
        } catch (RuntimeException ex) {
            failed(channel, ex);
        }
    }

    @Override
    public Mono<Void> publishJoin(String channel, ClientInfo info) {
        return tell(channel, listener -> listener.onJoin(channel, info));
    }

    @Override
    public Mono<Void> publishLeave(String channel, ClientInfo info) {
        return tell(channel, listener -> listener.onLeave(channel, info));
    }

    private Mono<Void> tell(String channel, Consumer<BrokerListener> event) {
        return Mono.fromRunnable(() -> channels.useIfKept(channel, false, (row, nowMillis) -> {
            tell(row, channel, event);
            return true;
        }));
    }

    /** Notifies the listener if this node is subscribed. */
    private void tell(Row row, String channel, Consumer<BrokerListener> event) {
        BrokerListener listener = this.listener;
        if (!row.subscribed || listener == null) {
            return;
        }
        try {
            event.accept(listener);
        } catch (RuntimeException ex) {
            failed(channel, ex);
        }
    }

    private static void failed(String channel, RuntimeException ex) {
        logger.error("The listener of the broker failed on channel '{}' because of a defect", channel, ex);
    }

    @Override
    public Mono<Void> subscribe(String channel) {
        return Mono.fromRunnable(() -> channels.use(channel, (row, nowMillis) -> row.subscribed = true));
    }

    @Override
    public Mono<Void> unsubscribe(String channel) {
        return Mono.fromRunnable(() -> channels.useIfKept(channel, false, (row, nowMillis) -> row.subscribed = false));
    }

    @Override
    public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
        return Mono.fromSupplier(() -> channels.use(channel, (row, nowMillis) -> {
            MemoryStream stream = row.stream(this::newEpoch);
            stream.prolong(options, nowMillis);
            return new HistoryResult(stream.read(query), stream.position());
        }));
    }

    @Override
    public Mono<Map<String, StreamPosition>> positions(Map<String, HistoryOptions> options) {
        return Mono.fromSupplier(() -> {
            Map<String, StreamPosition> positions = new HashMap<>();
            options.forEach((channel, history) -> positions.put(channel, channels.use(channel, (row, nowMillis) -> {
                MemoryStream stream = row.stream(this::newEpoch);
                stream.prolong(history, nowMillis);
                return stream.position();
            })));
            return positions;
        });
    }

    @Override
    public Mono<Void> removeHistory(String channel) {
        return Mono.fromRunnable(() -> channels.useIfKept(channel, false, (row, nowMillis) -> {
            if (row.stream != null) {
                row.stream.clear();
            }
            return true;
        }));
    }

    /** Frees what has expired. */
    void sweep() {
        channels.sweep();
        channels.atNow(keys::expire);
    }

    /** Forgets everything. */
    void clear() {
        channels.clear();
    }

    /** Channels that take memory. */
    long channelsKept() {
        return channels.size();
    }

    private String newEpoch() {
        return Long.toString(random.nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
    }

    /** State of one channel in the broker. */
    private static final class Row extends ChannelTable.Row {

        /** Whether this node receives what is published. */
        boolean subscribed;

        /** {@code null} before the first use of history, and again when the position has expired. */
        @Nullable
        MemoryStream stream;

        /** Idempotency key to the position that its first publish returned; {@code null} when there are none. */
        private @Nullable ExpiringMap<String, StreamPosition> answered;

        /** The stream, a new one if there is none. */
        MemoryStream stream(Supplier<String> newEpoch) {
            if (stream == null) {
                stream = new MemoryStream(newEpoch.get());
            }
            return stream;
        }

        /** The result of the first publish with this key; {@code null} if there was none within the window. */
        @Nullable
        StreamPosition answerTo(String idempotencyKey) {
            return answered == null ? null : answered.get(idempotencyKey);
        }

        /** Remembers the result of the first publish with this key. */
        void remember(String idempotencyKey, StreamPosition position, long nowMillis) {
            if (answered == null) {
                answered = new ExpiringMap<>(AppendOptions.IDEMPOTENCY_WINDOW.toMillis());
            }
            answered.put(idempotencyKey, position, nowMillis);
        }

        /** Forgets a key before its time. */
        void forget(String idempotencyKey) {
            if (answered != null) {
                answered.remove(idempotencyKey);
                if (answered.size() == 0) {
                    answered = null;
                }
            }
        }

        @Override
        void expire(long nowMillis) {
            if (stream != null) {
                if (stream.hasEnded(nowMillis)) {
                    stream = null;
                } else {
                    stream.expire(nowMillis);
                }
            }
            if (answered != null) {
                answered.expire(nowMillis, position -> {});
                if (answered.size() == 0) {
                    answered = null;
                }
            }
        }

        @Override
        boolean isEmpty() {
            return !subscribed && stream == null && answered == null;
        }
    }
}
