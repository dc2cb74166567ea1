package dev.realtime.engine.redis.broker;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.epoch.Boundaries;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ScriptCall;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Reads streams for the feeds of this node: a bounded number at a time, and positions of one partition together ({@link
 * EpochReads}).
 *
 * <p>Lock: the monitor of {@link #queued}; nobody is called under it. What waits is bounded by the number of feeds,
 * each of which asks for one thing at a time.
 */
final class StreamReads implements FeedReads {

    /** Reads under way at one time. */
    private static final int MAX_UNDER_WAY = 32;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    /** What all channels together may hold back. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private static final Logger logger = LoggerFactory.getLogger(StreamReads.class);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final Scheduler scheduler;

    private final AtomicLong heldBytes = new AtomicLong();

    /** Reads that wait for others to end. Guarded by itself, as are {@link #underWay} and {@link #starting}. */
    private final Queue<Runnable> queued = new ArrayDeque<>();

    private int underWay;

    /** Whether a thread is starting what is queued. */
    private boolean starting;

    private final EpochReads epochs;

    private final SubscriptionManager subscriptions;

    /** Is told how far a former epoch was seen. */
    private final Boundaries boundaries;

    StreamReads(RedisScripts scripts, StreamScripts streams, SubscriptionManager subscriptions, Boundaries boundaries) {
        this.scripts = scripts;
        this.streams = streams;
        this.scheduler = scripts.scheduler();
        this.epochs = new EpochReads(
                (partition, metas, observer) -> scripts.run(streams.epochs(partition, metas), observer),
                scripts.link()::owner,
                scheduler);
        this.subscriptions = subscriptions;
        this.boundaries = boundaries;
    }

    @Override
    public void check(ChannelFeed feed, StreamPosition stoodAt) {
        epochs.want(feed, stoodAt);
    }

    @Override
    public boolean isInterrupted(ChannelFeed feed) {
        return subscriptions.isInterrupted(feed.keys().partition(), feed.keys().name());
    }

    @Override
    public void read(ChannelFeed feed, StreamPosition since) {
        start(() -> read(feed, since, FIRST_PAUSE_MILLIS));
    }

    @Override
    public void readLater(ChannelFeed feed, StreamPosition since) {
        later(() -> read(feed, since), FIRST_PAUSE_MILLIS);
    }

    private void read(ChannelFeed feed, StreamPosition since, long pauseMillis) {
        if (feed.isClosed()) {
            ended();
            return;
        }
        // With the one that the feed has last, to see that it is still the same.
        StreamPosition before = new StreamPosition(Math.max(0, since.offset() - 1), since.epoch());
        HistoryQuery query = HistoryQuery.after(before, ChannelFeed.MAX_MISSING + 2);
        scripts.run(streams.look(feed.channel(), feed.keys(), query), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                ended();
                feed.onRead(streams.read(reply, query, feed.channel()));
            }

            @Override
            public void failed(EngineException error) {
                logger.debug("The stream of '{}' could not be read, tried again: {}", feed.channel(), error.toString());
                again(pause -> read(feed, since, pause), pauseMillis);
                ended();
            }
        });
    }

    @Override
    public void checkLater(ChannelFeed feed, StreamPosition stoodAt) {
        later(() -> check(feed, stoodAt), FIRST_PAUSE_MILLIS);
    }

    @Override
    public int tick() {
        return boundaries.tick();
    }

    @Override
    public boolean hasEnded(String epoch) {
        return boundaries.hasEnded(epoch);
    }

    @Override
    public void epochEnded(ChannelFeed feed, StreamPosition stoodAt, int when, List<PastEpoch> past) {
        boundaries.epochEnded(feed, stoodAt, when, past);
    }

    @Override
    public void epochContinued(ChannelFeed feed, String from, StreamRead read) {
        boundaries.epochContinued(feed, from, read);
    }

    @Override
    public void rolledBack(ChannelFeed feed, String epoch) {
        boundaries.rolledBack(feed, epoch);
    }

    @Override
    public void saw(ChannelFeed feed, StreamPosition position, int when) {
        boundaries.saw(feed, position, when);
    }

    @Override
    public boolean reserve(long bytes) {
        if (heldBytes.addAndGet(bytes) <= MAX_HELD_BYTES) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    @Override
    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /** Something that is tried again after a pause. */
    private interface Attempt {

        void make(long nextPauseMillis);
    }

    private void again(Attempt attempt, long pauseMillis) {
        long next = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        later(() -> start(() -> attempt.make(next)), jittered(pauseMillis));
    }

    /** Returns a pause of about this length: other nodes try again too. */
    static long jittered(long pauseMillis) {
        return pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis);
    }

    private void later(Runnable work, long delayMillis) {
        try {
            scheduler.schedule(work, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has stopped, nothing is read any more");
        }
    }

    private void start(Runnable read) {
        synchronized (queued) {
            queued.add(read);
        }
        startQueued();
    }

    private void ended() {
        synchronized (queued) {
            underWay--;
        }
        startQueued();
    }

    /** Starts what there is room for, one after the other: a read may end as soon as it is started. */
    private void startQueued() {
        synchronized (queued) {
            if (starting) {
                return;
            }
            starting = true;
        }
        for (Runnable read = nextToStart(); read != null; read = nextToStart()) {
            try {
                read.run();
            } catch (Throwable failure) {
                logger.error("The read of a stream failed. Other reads continue", failure);
            }
        }
    }

    private @Nullable Runnable nextToStart() {
        synchronized (queued) {
            Runnable read = underWay < MAX_UNDER_WAY ? queued.poll() : null;
            if (read == null) {
                starting = false;
            } else {
                underWay++;
            }
            return read;
        }
    }
}
