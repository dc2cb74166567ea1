package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
import dev.realtime.engine.HistoryQuery;
import dev.realtime.protocol.StreamPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Reads streams for the feeds of this node: a bounded number at a time, positions of one partition together, and
 * spread over a moment when many channels were interrupted together, since other nodes were too.
 *
 * <p>Lock: the monitor of {@link #queued}; nobody is called under it. What waits is bounded by the number of feeds,
 * each of which asks for one thing at a time.
 */
final class StreamReads implements FeedReads {

    /** Reads under way at one time. */
    private static final int MAX_UNDER_WAY = 32;

    /** Positions that one script looks up. */
    static final int BATCH = 200;

    /** Channels that need not be spread over time: their positions are one or two scripts. */
    private static final int FEW = 2 * BATCH;

    private static final long LONGEST_SPREAD_MILLIS = 1000;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    /** What all channels together may hold back. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private static final Logger logger = LoggerFactory.getLogger(StreamReads.class);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final Scheduler scheduler;

    private final AtomicLong heldBytes = new AtomicLong();

    /** Reads that wait for others to end. Guarded by itself, as is {@link #underWay}. */
    private final Queue<Runnable> queued = new ArrayDeque<>();

    private int underWay;

    /** Partition to the looks that wait for the next batch. Guarded by itself. */
    private final Map<Integer, List<Look>> looks = new HashMap<>();

    /** Is told how far a former epoch was seen. */
    private final Boundaries boundaries;

    StreamReads(RedisScripts scripts, StreamScripts streams, Boundaries boundaries) {
        this.scripts = scripts;
        this.streams = streams;
        this.scheduler = scripts.scheduler();
        this.boundaries = boundaries;
    }

    /** A feed and where it stood when it asked. */
    private record Look(ChannelFeed feed, StreamPosition stoodAt) {}

    @Override
    public void check(ChannelFeed feed, StreamPosition stoodAt) {
        boolean first;
        synchronized (looks) {
            first = looks.isEmpty();
            looks.computeIfAbsent(feed.keys().partition(), partition -> new ArrayList<>())
                    .add(new Look(feed, stoodAt));
        }
        if (first) {
            // The others of the same interruption come within this moment.
            later(this::lookAtAll, 5);
        }
    }

    private void lookAtAll() {
        Map<Integer, List<Look>> all;
        synchronized (looks) {
            all = new HashMap<>(looks);
            looks.clear();
        }
        int count = all.values().stream().mapToInt(Collection::size).sum();
        long spreadMillis = count <= FEW ? 0 : Math.min(LONGEST_SPREAD_MILLIS, count / 10);
        all.forEach((partition, ofPartition) -> {
            for (int from = 0; from < ofPartition.size(); from += BATCH) {
                List<Look> batch = ofPartition.subList(from, Math.min(ofPartition.size(), from + BATCH));
                Runnable look = () -> lookAt(partition, batch, FIRST_PAUSE_MILLIS);
                if (spreadMillis == 0) {
                    start(look);
                } else {
                    later(() -> start(look), ThreadLocalRandom.current().nextLong(spreadMillis));
                }
            }
        });
    }

    private void lookAt(int partition, List<Look> batch, long pauseMillis) {
        byte[][] metas = batch.stream().map(look -> look.feed().keys().meta()).toArray(byte[][]::new);
        scripts.run(streams.epochs(partition, metas), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                ended();
                for (int i = 0; i < batch.size(); i++) {
                    Look look = batch.get(i);
                    look.feed().onPosition(StreamScripts.epochsOf(reply, i), look.stoodAt());
                }
            }

            @Override
            public void failed(EngineException error) {
                ended();
                List<Look> open =
                        batch.stream().filter(look -> !look.feed().isClosed()).toList();
                if (!open.isEmpty()) {
                    logger.debug("{} positions could not be looked up, tried again: {}", open.size(), error.toString());
                    again(pause -> lookAt(partition, open, pause), pauseMillis);
                }
            }
        });
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
                ended();
                logger.debug("The stream of '{}' could not be read, tried again: {}", feed.channel(), error.toString());
                again(pause -> read(feed, since, pause), pauseMillis);
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
        later(
                () -> start(() -> attempt.make(next)),
                pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis));
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
            if (underWay >= MAX_UNDER_WAY) {
                queued.add(read);
                return;
            }
            underWay++;
        }
        read.run();
    }

    private void ended() {
        Runnable next;
        synchronized (queued) {
            next = queued.poll();
            if (next == null) {
                underWay--;
            }
        }
        if (next != null) {
            next.run();
        }
    }
}
