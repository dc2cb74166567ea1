package dev.realtime.engine.redis.monitor;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line when Redis stops working and one when it works again. What single connections go through in between is
 * logged as
 * debug. A disturbance shorter than half a second, such as a slot that moves, is none. Belongs to the reconciler.
 */
public final class OutageLog {

    private static final Logger logger = LoggerFactory.getLogger(OutageLog.class);

    private static final long SHORTEST_NANOS = Duration.ofMillis(500).toNanos();

    private boolean working;

    private boolean reported;

    private long since;

    /** @param problem what is wrong at this moment; {@code null} if nothing is */
    public void tick(@Nullable String problem, long now) {
        if (problem == null) {
            if (reported) {
                logger.info("Redis works again, after {} s", seconds(now - since));
            }
            working = true;
            reported = false;
            since = now;
        } else if (working && !reported) {
            // It worked at the last tick: the outage began then.
            if (now - since >= SHORTEST_NANOS) {
                reported = true;
                logger.warn("Redis stopped working: {}. Operations are retried until it works", problem);
            }
        }
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }
}
