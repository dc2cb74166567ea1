package dev.realtime.engine.redis.driver;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Delay before the next of several attempts: twice as long after each, and never two nodes of this server at
 * the same moment. Belongs to one thread.
 */
public final class Backoff {

    private final long firstNanos;

    private final long mostNanos;

    private long nextNanos;

    public Backoff(Duration first, Duration most) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
        this.nextNanos = firstNanos;
    }

    /** Nanoseconds to wait now: between half of the step and all of it. */
    public long next() {
        long step = nextNanos;
        nextNanos = Math.min(mostNanos, step * 2);
        return step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1);
    }

    /** Starts over after a success. */
    public void reset() {
        nextNanos = firstNanos;
    }
}
