package dev.realtime.engine.redis.broker;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptCall;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Reads of where streams end and which epochs they had, for the followers of this node, many by one script.
 *
 * <p>After a failover every follower wants one, sometimes for two reasons, and they come as the names are subscribed
 * again, some at a time. What Redis spends is mostly per script, so scripts are filled first:
 *
 * <pre>
 *   wanted        f1 f2   f3 f1   f4              f5 .. f300
 *   partition 7   f1 f2   f3      f4    nothing more comes: one script for f1 f2 f3 f4
 *                                                 full: one script for f5 .. f204, the next when it is full or that one
 *                                                 ends
 * </pre>
 *
 * <ul>
 *   <li>A follower waits once, however often it asks before its script is sent.
 *   <li>A script is sent when it is full, when nothing was added to its partition for a moment, or when the first in it
 *       has waited for {@link #LONGEST_WAIT_MILLIS}.
 *   <li>Each server runs a few at a time, since other nodes ask too; meanwhile the next ones fill up.
 *   <li>After a failure the followers of the partition wait for a pause, so that a server that comes back gets no more
 *       than those few either.
 * </ul>
 *
 * <p>Lock: the monitor of this object; no callback runs under it. What waits is bounded by the number of followers.
 */
final class EpochReads {

    private static final int BATCH = StreamScripts.MOST_CHANNELS;

    /** Scripts in progress on one server at one time. */
    private static final int AT_ONCE = 4;

    private static final long MOMENT_MILLIS = 5;

    private static final long LONGEST_WAIT_MILLIS = 50;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private static final Logger logger = LoggerFactory.getLogger(EpochReads.class);

    private final Reader reader;

    private final IntFunction<String> owner;

    private final Scheduler scheduler;

    /** Partition to the followers that wait, the longest waiting first. Guarded by this. */
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

    /** Server to how many scripts it runs. Guarded by this. */
    private final Map<String, Integer> inProgress = new HashMap<>();

    /** Partition to the pause after a failure. Guarded by this. */
    private final Map<Integer, Pause> pauses = new HashMap<>();

    /** Whether a timer runs, as it does while followers wait. Guarded by this. */
    private boolean timed;

    /** Runs the script {@link Script#EPOCHS}. */
    interface Reader {

        void read(int partition, byte[][] metas, ScriptCall.Observer<List<Object>> observer);
    }

    /** @param owner returns the server that owns a partition; empty if that is not known */
    EpochReads(Reader reader, IntFunction<String> owner, Scheduler scheduler) {
        this.reader = reader;
        this.owner = owner;
        this.scheduler = scheduler;
    }

    /** The followers of one partition that wait. */
    private static final class Waiting {

        /** Feed to where it was when it asked last. */
        private final Map<StreamFollower, StreamPosition> followers = new LinkedHashMap<>();

        /** Time that the first has waited. */
        private long waitedMillis;

        /** Whether some were added since the timer was there last. */
        private boolean growing;

        private boolean isDue() {
            return followers.size() >= BATCH
                    || !followers.isEmpty() && (!growing && waitedMillis > 0 || waitedMillis >= LONGEST_WAIT_MILLIS);
        }
    }

    /**
     * Time in which nothing is sent for a partition.
     *
     * @param until its end, by the clock of the scheduler
     * @param length for which the next one is longer
     */
    private record Pause(long until, long length) {}

    /**
     * One script.
     *
     * @param server that owns the partition
     */
    private record Batch(String server, int partition, Map<StreamFollower, StreamPosition> followers) {}

    /**
     * Reads where the stream of a follower ends; {@link StreamFollower#onPosition} is called. Tried again until the
     * follower is closed.
     *
     * @param checkedFrom handed back with the result
     */
    void want(StreamFollower follower, StreamPosition checkedFrom) {
        boolean full;
        synchronized (this) {
            Waiting ofPartition = waiting.computeIfAbsent(follower.keys().partition(), unused -> new Waiting());
            ofPartition.followers.put(follower, checkedFrom);
            ofPartition.growing = true;
            full = ofPartition.followers.size() == BATCH;
        }
        startTimer();
        if (full) {
            // Not on this thread, which may hold the monitor of a partition's subscriptions.
            later(this::send, 0);
        }
    }

    private void startTimer() {
        synchronized (this) {
            if (timed) {
                return;
            }
            timed = true;
        }
        later(this::tick, MOMENT_MILLIS);
    }

    private void tick() {
        boolean more;
        synchronized (this) {
            for (Waiting ofPartition : waiting.values()) {
                ofPartition.waitedMillis += MOMENT_MILLIS;
            }
        }
        try {
            send();
        } catch (Throwable failure) {
            // Without the next tick nothing would be read any more.
            logger.error("Reading positions failed because of a defect; retrying later", failure);
        }
        synchronized (this) {
            waiting.values().forEach(ofPartition -> ofPartition.growing = false);
            more = !waiting.isEmpty();
            timed = more;
        }
        if (more) {
            later(this::tick, MOMENT_MILLIS);
        }
    }

    private void send() {
        for (Batch batch = take(); batch != null; batch = take()) {
            send(batch);
        }
    }

    private synchronized @Nullable Batch take() {
        long now = now();
        for (Map.Entry<Integer, Waiting> entry : waiting.entrySet()) {
            int partition = entry.getKey();
            Waiting ofPartition = entry.getValue();
            Pause pause = pauses.get(partition);
            if (ofPartition.isDue() && (pause == null || pause.until() <= now)) {
                String server = owner.apply(partition);
                if (inProgress.getOrDefault(server, 0) < AT_ONCE) {
                    inProgress.merge(server, 1, Integer::sum);
                    Batch batch = new Batch(server, partition, first(ofPartition));
                    waiting.remove(partition);
                    if (!ofPartition.followers.isEmpty()) {
                        // Behind the other partitions.
                        waiting.put(partition, ofPartition);
                    }
                    return batch;
                }
            }
        }
        return null;
    }

    private static Map<StreamFollower, StreamPosition> first(Waiting ofPartition) {
        Map<StreamFollower, StreamPosition> taken = new LinkedHashMap<>();
        Iterator<Map.Entry<StreamFollower, StreamPosition>> followers =
                ofPartition.followers.entrySet().iterator();
        while (followers.hasNext() && taken.size() < BATCH) {
            Map.Entry<StreamFollower, StreamPosition> next = followers.next();
            taken.put(next.getKey(), next.getValue());
            followers.remove();
        }
        return taken;
    }

    private synchronized void ended(Batch batch) {
        inProgress.computeIfPresent(batch.server(), (server, count) -> count == 1 ? null : count - 1);
    }

    private synchronized void succeeded(Batch batch) {
        ended(batch);
        pauses.remove(batch.partition());
    }

    private void send(Batch batch) {
        List<StreamFollower> followers = new ArrayList<>(batch.followers().keySet());
        followers.removeIf(StreamFollower::isClosed);
        if (followers.isEmpty()) {
            ended(batch);
            return;
        }
        byte[][] metas =
                followers.stream().map(follower -> follower.keys().meta()).toArray(byte[][]::new);
        try {
            read(batch, followers, metas);
        } catch (Throwable failure) {
            logger.error("Reading {} positions failed because of a defect; retrying", followers.size(), failure);
            again(batch);
        }
    }

    private void read(Batch batch, List<StreamFollower> followers, byte[][] metas) {
        reader.read(batch.partition(), metas, new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                EpochReads.this.succeeded(batch);
                try {
                    for (int i = 0; i < followers.size(); i++) {
                        StreamFollower follower = followers.get(i);
                        follower.onPosition(
                                StreamScripts.epochsOf(reply, i),
                                batch.followers().get(follower));
                    }
                } finally {
                    send();
                }
            }

            @Override
            public void failed(EngineException error) {
                logger.debug("Could not read {} positions; retrying: {}", followers.size(), error.toString());
                again(batch);
            }
        });
    }

    private void again(Batch batch) {
        synchronized (this) {
            ended(batch);
            long now = now();
            Pause last = pauses.get(batch.partition());
            if (last == null || last.until() <= now) {
                long length = last == null ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, last.length() * 2);
                pauses.put(batch.partition(), new Pause(now + StreamReads.jittered(length), length));
            }
            batch.followers().forEach((follower, checkedFrom) -> {
                // The timer runs as long as there is an entry, which only followers that are read take out.
                if (!follower.isClosed()) {
                    waiting.computeIfAbsent(batch.partition(), unused -> new Waiting())
                            .followers
                            .putIfAbsent(follower, checkedFrom);
                }
            });
        }
        startTimer();
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }

    private void later(Runnable work, long delayMillis) {
        try {
            scheduler.schedule(work, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has stopped; nothing is read");
        }
    }
}
