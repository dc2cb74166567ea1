package dev.realtime.engine.redis.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what servers do on their own. */
final class Eventually {

    private static final long PAUSE_MILLIS = 10;

    /** Long enough for an election that goes well. */
    private static final Duration PROVOCATION_INTERVAL = Duration.ofSeconds(2);

    private Eventually() {}

    /**
     * Returns once the condition holds. A condition that throws does not hold yet.
     *
     * @param details for the failure when it does not hold in time
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

    /**
     * Provokes something, again and again, until it took effect: servers may refuse it, lose an election, or undo it
     * before all of them know of it. A provocation that throws was refused.
     */
    static void provoked(
            String what, Duration limit, Runnable provocation, BooleanSupplier effect, Supplier<String> details) {
        long[] nextAt = {System.nanoTime()};
        until(
                what,
                limit,
                () -> {
                    if (effect.getAsBoolean()) {
                        return true;
                    }
                    long now = System.nanoTime();
                    if (now - nextAt[0] >= 0) {
                        provocation.run();
                        // Not reached when it was refused: then it is tried again immediately.
                        nextAt[0] = now + PROVOCATION_INTERVAL.toNanos();
                    }
                    return false;
                },
                details);
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
