package dev.realtime.node;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Clocks and chance of a node. A bean of this type replaces those of the machine, for tests that let time pass.
 *
 * @param clock wall clock, for what expires at a date
 * @param nanoTime monotonic clock, for what takes time
 * @param scheduler runs what the node does by itself; the node disposes of it when it stops
 * @param random 0 to 1, for jitter
 */
public record NodeTime(Clock clock, LongSupplier nanoTime, Scheduler scheduler, DoubleSupplier random) {

    /** Returns those of the machine. */
    public static NodeTime real() {
        return new NodeTime(
                Clock.systemUTC(),
                System::nanoTime,
                Schedulers.newSingle("realtime-node", true),
                () -> ThreadLocalRandom.current().nextDouble());
    }
}
