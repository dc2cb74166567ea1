package dev.realtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Tries a part of the server with unusual input: first the cases of its {@link Corpus}, then random ones
 * until its time is over. A case that throws, logs an error, or takes more than {@link #LONGEST_CASE} of processor time
 * fails it, and so does memory that grows with the number of cases.
 *
 * <p>The seed is the same in each run, so that a build finds what the one before it found; {@code -Dfuzz.seed=} tries
 * another. {@code -Dfuzz.seconds=} says how long each campaign takes, eight seconds if it is not given.
 */
public final class Campaign {

    private static final long SEED = Long.getLong("fuzz.seed", 20_240_229L);

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 8));

    private static final Duration LONGEST_CASE = Duration.ofMillis(100);

    /** How often a case that took long is tried again: the first time it may have met the compiler or the collector. */
    private static final int REPETITIONS = 5;

    private static final long MOST_GROWTH_BYTES = 16L << 20;

    private final String name;

    private final LongSupplier cpuNanos;

    /** One case: what a peer sends, in pieces. */
    @FunctionalInterface
    public interface Trial {

        void run(List<byte[]> pieces) throws Exception;
    }

    /**
     * @param name of the campaign and of its corpus
     * @param cpuNanos processor time spent so far where the part under test runs
     */
    public Campaign(String name, LongSupplier cpuNanos) {
        this.name = name;
        this.cpuNanos = cpuNanos;
    }

    /** A campaign whose trials run on the thread of the test. */
    public static Campaign onThisThread(String name) {
        return new Campaign(name, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    /** Runs it; afterwards {@code trial} has met two hundred random cases at least, however slow the machine is. */
    public void run(Function<Random, List<byte[]>> generator, Trial trial) {
        try (ErrorLog log = new ErrorLog()) {
            List<List<byte[]>> corpus = Corpus.read(name);
            corpus.forEach(pieces -> attempt(pieces, "of the corpus", trial, log));

            Random random = new Random(SEED);
            long begin = System.nanoTime();
            long memoryBefore = 0;
            int number = 0;
            while (System.nanoTime() - begin < TIME.toNanos() || number < 200) {
                if (memoryBefore == 0 && System.nanoTime() - begin > TIME.toNanos() / 4) {
                    memoryBefore = usedMemory();
                }
                attempt(generator.apply(random), number + " of seed " + SEED, trial, log);
                number++;
            }
            System.out.printf(
                    "Fuzzing %s: %d cases of the corpus and %d of -Dfuzz.seed=%d in %d s.%n",
                    name, corpus.size(), number, SEED, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
            assertThat(usedMemory() - memoryBefore)
                    .as("growth of memory over %s cases of %s", number, name)
                    .isLessThan(MOST_GROWTH_BYTES);
        }
    }

    private void attempt(List<byte[]> pieces, String which, Trial trial, ErrorLog log) {
        try {
            long begin = System.nanoTime();
            trial.run(pieces);
            if (System.nanoTime() - begin > LONGEST_CASE.toNanos()) {
                assertThat(leastCpu(pieces, trial)).as("processor time").isLessThanOrEqualTo(LONGEST_CASE);
            }
            assertThat(log.errors()).as("errors in the log").isEmpty();
        } catch (Exception | AssertionError | StackOverflowError failure) {
            throw new AssertionError(
                    "Case %s of %s, which belongs into its corpus: %s".formatted(which, name, Corpus.write(pieces)),
                    failure);
        }
    }

    /**
     * Asking for processor time is costly in places, and it only matters for a case that took long by the clock on the
     * wall.
     */
    private Duration leastCpu(List<byte[]> pieces, Trial trial) throws Exception {
        long least = Long.MAX_VALUE;
        for (int count = 0; count < REPETITIONS && least > LONGEST_CASE.toNanos(); count++) {
            long before = cpuNanos.getAsLong();
            trial.run(pieces);
            least = Math.min(least, cpuNanos.getAsLong() - before);
        }
        return Duration.ofNanos(least);
    }

    private static long usedMemory() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
