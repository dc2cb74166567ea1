package dev.realtime.failure;

import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warnings that clients can cause, as often as they like. Some in a second are written; the others are written at debug
 * level, and counted with the next one.
 *
 * <p>Lock: the monitor of this object; nothing is called under it but the clock.
 */
public final class LimitedLog {

    private static final int LINES_A_SECOND = 5;

    private static final long SECOND = 1_000_000_000;

    private final LongSupplier nanoTime;

    private long secondBegan;

    private int lines;

    private long omitted;

    /** @param nanoTime a clock that only goes forward */
    public LimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
    }

    /** Logs a warning, unless there were too many. */
    public void warn(Logger logger, String format, Object... arguments) {
        long left = admit();
        if (left < 0) {
            logger.debug(format, arguments);
        } else if (left == 0) {
            logger.warn(format, arguments);
        } else {
            logger.warn(format + " (" + left + " similar warnings before it are at debug level only)", arguments);
        }
    }

    /** Returns how many lines were omitted before this one; negative if it is omitted itself. */
    private synchronized long admit() {
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            lines = 0;
        }
        if (lines == LINES_A_SECOND) {
            omitted++;
            return -1;
        }
        lines++;
        long before = omitted;
        omitted = 0;
        return before;
    }
}
