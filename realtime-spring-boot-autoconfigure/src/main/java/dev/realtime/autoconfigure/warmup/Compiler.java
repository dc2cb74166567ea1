package dev.realtime.autoconfigure.warmup;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiler of the virtual machine, as far as its work can be observed: the share of time in which it worked. Used by
 * one thread.
 */
final class Compiler {

    /** Time over which the share is taken. */
    static final Duration WINDOW = Duration.ofSeconds(3);

    /** Share of a window below which the compiler has little to do. */
    private static final double LITTLE = 0.1;

    private final LongSupplier compiledMillis;

    private final LongSupplier nanoTime;

    private long windowStart;

    private long compiledAtStart;

    /**
     * @param compiledMillis time spent on compiling so far, in milliseconds
     * @param nanoTime monotonic clock
     */
    Compiler(LongSupplier compiledMillis, LongSupplier nanoTime) {
        this.compiledMillis = compiledMillis;
        this.nanoTime = nanoTime;
        begin(nanoTime.getAsLong());
    }

    /** Returns the compiler of this virtual machine, or {@code null} if its time cannot be read. */
    static @Nullable Compiler ofThisMachine() {
        CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
        return bean != null && bean.isCompilationTimeMonitoringSupported()
                ? new Compiler(bean::getTotalCompilationTime, System::nanoTime)
                : null;
    }

    /** Returns whether it had little to do in the last complete window. */
    boolean isDone() {
        long now = nanoTime.getAsLong();
        long millis = Duration.ofNanos(now - windowStart).toMillis();
        if (millis < WINDOW.toMillis()) {
            return false;
        }
        boolean done = compiledMillis.getAsLong() - compiledAtStart < LITTLE * millis;
        begin(now);
        return done;
    }

    private void begin(long now) {
        windowStart = now;
        compiledAtStart = compiledMillis.getAsLong();
    }
}
