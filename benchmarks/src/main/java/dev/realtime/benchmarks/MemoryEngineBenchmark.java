package dev.realtime.benchmarks;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.scheduler.Schedulers;

/** A publish in the memory engine, over 1,000 channels, to a listener that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryEngineBenchmark {

    private static final int CHANNELS = 1_000;

    private static final Publication PUBLICATION = Publication.of(Payload.of(ClientFrames.DATA));

    private static final AppendOptions KEEPING_100 =
            AppendOptions.keeping(new HistoryOptions(100, Duration.ofMinutes(5), HistoryOptions.DEFAULT_META_TTL));

    private final MemoryEngine engine = new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel());

    private final String[] channels = new String[CHANNELS];

    private int next;

    @Setup
    public void subscribe() {
        Broker broker = engine.broker();
        broker.start(Nobody.INSTANCE);
        engine.start().block();
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = "news:" + i;
            broker.subscribe(channels[i]).block();
        }
    }

    @Benchmark
    public @Nullable PublishResult publishWithoutHistory() {
        return publish(AppendOptions.NONE);
    }

    @Benchmark
    public @Nullable PublishResult publishKeepingHistory() {
        return publish(KEEPING_100);
    }

    private @Nullable PublishResult publish(AppendOptions options) {
        next = next + 1 == CHANNELS ? 0 : next + 1;
        return engine.broker().publish(channels[next], PUBLICATION, options).block();
    }

    @TearDown
    public void stop() {
        engine.stop().block();
    }
}
