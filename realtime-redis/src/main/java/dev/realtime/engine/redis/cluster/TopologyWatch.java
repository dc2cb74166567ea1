package dev.realtime.engine.redis.cluster;

import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.driver.DriverErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedule of the reads of a cluster's topology: immediately after a disturbance, then with growing pauses as long as
 * something is missing, and periodically otherwise. One read runs at a time.
 *
 * <p>Belongs to the reconciler, but for {@link #number()}.
 */
public final class TopologyWatch {

    private static final Logger logger = LoggerFactory.getLogger(TopologyWatch.class);

    private static final Duration FIRST_DELAY = Duration.ofMillis(50);

    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

    private final TopologyReader reader;

    private final Executor executor;

    private final long calmNanos;

    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    private boolean wanted;

    private boolean looking;

    /** Number of the last look that began; the first one is 2, so that something can be older than any. */
    private volatile long number = 1;

    private long beganAt;

    private long nextAt;

    /** @param interval longest time between two looks */
    public TopologyWatch(TopologyReader reader, Executor executor, Duration interval, long now) {
        this.reader = reader;
        this.executor = executor;
        this.calmNanos = interval.toNanos();
        this.beganAt = now;
        this.nextAt = now;
    }

    /** Number of the last look that began. */
    public long number() {
        return number;
    }

    /** Something is missing or not as expected. */
    public void want() {
        wanted = true;
    }

    /** Things changed: what is missing still may be known soon. */
    public void changed() {
        backoff.reset();
    }

    /**
     * Starts a read of the topology if one is due.
     *
     * @param asked are asked first
     * @param seen receives the topology and the number of the read, on the reconciler
     */
    public void tick(long now, Collection<? extends ClusterView.Source> asked, BiConsumer<ClusterView, Long> seen) {
        wanted |= now - beganAt >= calmNanos;
        if (!wanted || looking || now - nextAt < 0) {
            return;
        }
        if (now - nextAt > LONGEST_DELAY.toNanos()) {
            backoff.reset();
        }
        looking = true;
        wanted = false;
        beganAt = now;
        nextAt = now + backoff.next();
        long readNumber = number + 1;
        number = readNumber;
        reader.read(List.copyOf(asked))
                .whenCompleteAsync((view, failure) -> end(readNumber, view, failure, seen), executor);
    }

    private void end(
            long readNumber,
            @Nullable ClusterView view,
            @Nullable Throwable failure,
            BiConsumer<ClusterView, Long> seen) {
        looking = false;
        if (view == null) {
            wanted = true;
            logger.debug("Could not read the topology of the cluster: {}", DriverErrors.text(failure));
        } else {
            seen.accept(view, readNumber);
        }
    }
}
