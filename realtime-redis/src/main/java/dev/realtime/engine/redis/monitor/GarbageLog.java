package dev.realtime.engine.redis.monitor;

import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is found in Redis and was not written by this engine, and says so at most once a minute. */
public final class GarbageLog {

    private static final Logger logger = LoggerFactory.getLogger(GarbageLog.class);

    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final RedisStatistics statistics;

    /** When it was last said; by the clock of {@link System#nanoTime()}. */
    private final AtomicLong saidAtNanos = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

    public GarbageLog(RedisStatistics statistics) {
        this.statistics = statistics;
    }

    /**
     * @param what was found
     * @param where channel or key
     */
    public void found(String what, String where) {
        statistics.count(Event.BAD_MESSAGE);
        long last = saidAtNanos.get();
        long now = System.nanoTime();
        if (now - last >= SILENCE_NANOS && saidAtNanos.compareAndSet(last, now)) {
            logger.warn(
                    "Redis holds or sent {} for '{}', which this version of the engine does not write; it is skipped."
                            + " Check whether another program, or a newer version, uses the same"
                            + " `realtime.redis.prefix`. Logged once a minute, {} such cases since start.",
                    what,
                    where,
                    statistics.events(Event.BAD_MESSAGE));
        }
    }
}
