package dev.realtime.engine.redis.monitor;

import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log and counter of channels of which Redis lost publications: logs the first immediately, then at most one in ten
 * seconds.
 */
public final class LossLog {

    private static final Logger logger = LoggerFactory.getLogger(LossLog.class);

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RedisStatistics statistics;

    private final AtomicLong foundAtNanos = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

    private final AtomicLong notKnownAtNanos = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

    public LossLog(RedisStatistics statistics) {
        this.statistics = statistics;
    }

    /** Logs and counts a channel of which Redis lost publications. */
    public void found(String channel) {
        statistics.count(Event.ROLLBACK_FOUND);
        if (isTime(foundAtNanos)) {
            logger.warn(
                    "Redis lost publications of channel '{}' when it changed its primary or came back with older data."
                            + " Subscribers are notified that they missed something. `publish-ack=replicated` in the"
                            + " namespace keeps acknowledged publications over a failover. Logged once in ten seconds,"
                            + " {} losses since start.",
                    channel,
                    statistics.events(Event.ROLLBACK_FOUND));
        }
    }

    /** Logs that it could not be found out in time whether something was lost. */
    public void notKnown(String channel) {
        if (isTime(notKnownAtNanos)) {
            logger.warn(
                    "Redis changed its primary, and not every node has reported yet which publications it received"
                            + " before, for instance in channel '{}'. Clients that recover meanwhile are notified that"
                            + " they may have missed something. Logged once in ten seconds.",
                    channel);
        }
    }

    /** Logs that a node saw more channels than it remembers, and that any of them may have lost publications. */
    public void forgotten() {
        statistics.count(Event.ROLLBACK_FOUND);
        logger.warn("Redis changed its primary or came back with older data, and a node used more channels than it"
                + " remembers in the period that may be lost. All subscribers from that time are notified that"
                + " they may have missed something.");
    }

    private static boolean isTime(AtomicLong saidAtNanos) {
        long last = saidAtNanos.get();
        long now = System.nanoTime();
        return now - last >= SILENCE_NANOS && saidAtNanos.compareAndSet(last, now);
    }
}
