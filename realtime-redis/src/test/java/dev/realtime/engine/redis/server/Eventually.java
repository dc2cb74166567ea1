package dev.realtime.engine.redis.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what servers do on their own. */
final class Eventually {

    private static final long PAUSE_MILLIS = 10;

    private Eventually() {}

    /**
     * Returns once the condition holds. A condition that throws does not hold yet.
     *
     * @param details told when it does not hold in time
     */
    static void until(String what, Duration limit, BooleanSupplier condition, Supplier<String> details) {
        long end = System.nanoTime() + limit.toNanos();
        RuntimeException last = null;
        do {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
                last = null;
            } catch (RuntimeException notYet) {
                last = notYet;
            }
            pause();
        } while (System.nanoTime() < end);
        throw new IllegalStateException("Not within %s: %s.%n%s".formatted(limit, what, details.get()), last);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Redis", stopped);
        }
    }
}
