package dev.realtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks still do what they are to measure: each runs once, and what it took is thrown away. */
class BenchmarksTests {

    @Test
    void everyBenchmarkRuns() throws Exception {
        // Four of codecs, three of commands and one of fan-out in each encoding, the latter at three sizes; two of the
        // engine.
        int benchmarks = 4 * 2 + 3 * 2 + 2 * 3 + 2;

        assertThat(new Runner(new OptionsBuilder()
                                .forks(0)
                                .mode(Mode.SingleShotTime)
                                .warmupIterations(0)
                                .measurementIterations(1)
                                .shouldFailOnError(true)
                                .verbosity(VerboseMode.SILENT)
                                .build())
                        .run())
                .hasSize(benchmarks);
    }
}
