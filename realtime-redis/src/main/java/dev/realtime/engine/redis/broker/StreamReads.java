package dev.realtime.engine.redis.broker;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ScriptCall;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Reads streams for the followers of this node: a bounded number at a time, and positions of one partition together
 * ({@link EpochReads}).
 *
 * <p>Lock: the monitor of {@link #queued}; no callback runs under it. What waits is bounded by the number of followers,
 * each of which asks for one thing at a time.
 */
final class StreamReads implements StreamReader {

    /** Reads in progress at the same time. */
    private static final int MAX_READS = 32;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private static final Logger logger = LoggerFactory.getLogger(StreamReads.class);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final Scheduler scheduler;

    /** Reads that wait for others to end. Guarded by itself, as are {@link #inProgress} and {@link #starting}. */
    private final Queue<Runnable> queued = new ArrayDeque<>();

    private int inProgress;

    /** Whether a thread is starting what is queued. */
    private boolean starting;

    private final EpochReads epochs;

    private final SubscriptionManager subscriptions;

    StreamReads(RedisScripts scripts, StreamScripts streams, SubscriptionManager subscriptions) {
        this.scripts = scripts;
        this.streams = streams;
        this.scheduler = scripts.scheduler();
        this.epochs = new EpochReads(
                (partition, metas, observer) -> scripts.run(streams.epochs(partition, metas), observer),
                scripts.redis()::owner,
                scheduler);
        this.subscriptions = subscriptions;
    }

    @Override
    public void check(StreamFollower follower, StreamPosition checkedFrom) {
        epochs.want(follower, checkedFrom);
    }

    @Override
    public boolean isInterrupted(StreamFollower follower) {
        return subscriptions.isInterrupted(
                follower.keys().partition(), follower.keys().name());
    }

    @Override
    public void read(StreamFollower follower, StreamPosition since) {
        start(() -> read(follower, since, FIRST_PAUSE_MILLIS));
    }

    @Override
    public void readLater(StreamFollower follower, StreamPosition since) {
        later(() -> read(follower, since), FIRST_PAUSE_MILLIS);
    }

    private void read(StreamFollower follower, StreamPosition since, long pauseMillis) {
        if (follower.isClosed()) {
            ended();
            return;
        }
        // With the one that the follower has last, to see that it is still the same.
        StreamPosition before = new StreamPosition(Math.max(0, since.offset() - 1), since.epoch());
        HistoryQuery query = HistoryQuery.after(before, StreamFollower.MAX_MISSING + 2);
        scripts.run(streams.peek(follower.channel(), follower.keys(), query), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                ended();
                follower.onRead(streams.read(reply, query, follower.channel()));
            }

            @Override
            public void failed(EngineException error) {
                logger.debug(
                        "Could not read the stream of channel '{}'; retrying: {}",
                        follower.channel(),
                        error.toString());
                again(pause -> read(follower, since, pause), pauseMillis);
                ended();
            }
        });
    }

    @Override
    public void checkLater(StreamFollower follower, StreamPosition checkedFrom) {
        later(() -> check(follower, checkedFrom), FIRST_PAUSE_MILLIS);
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
            logger.debug("The engine has stopped; nothing is read");
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
            inProgress--;
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
                logger.error("Reading a stream failed; other reads continue", failure);
            }
        }
    }

    private @Nullable Runnable nextToStart() {
        synchronized (queued) {
            Runnable read = inProgress < MAX_READS ? queued.poll() : null;
            if (read == null) {
                starting = false;
            } else {
                inProgress++;
            }
            return read;
        }
    }
}
