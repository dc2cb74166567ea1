package dev.realtime.benchmarks;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.spi.engine.AppendOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Cost of acknowledging a publish only when a replica has it: publishes in a second and their latency, through
 * the Redis engine, with 1, 64 and 512 in progress. Takes the address of a primary that has a replica.
 */
public final class PublishAckBenchmark {

    private static final AppendOptions PRIMARY =
            AppendOptions.keeping(new HistoryOptions(100, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL));

    private static final Payload DATA = Payload.ofText("{\"text\":\"" + "x".repeat(100) + "\"}");

    private static final int CHANNELS = 100;

    private static final int ROUNDS = 3;

    private PublishAckBenchmark() {}

    public static void main(String[] arguments) {
        RedisEngineOptions options = RedisEngineOptions.of(RedisTopology.STANDALONE);
        RedisClient client = RedisClient.create("redis://" + arguments[0]);
        client.setOptions(LettuceOptions.of(options, SslOptions.create()));
        Scheduler scheduler = Schedulers.newSingle("redis-engine", true);
        RedisEngine engine = new RedisEngine(client, options, scheduler);
        engine.broker().start(Nobody.INSTANCE);
        engine.controlBus().start(new OneNode());
        engine.start().block();
        System.out.println("| in progress | acknowledged by | publishes/s | p50 ms | p99 ms |\n|---|---|---|---|---|");
        for (int underWay : new int[] {1, 64, 512}) {
            int count = underWay == 1 ? 3_000 : 60_000;
            for (int round = 0; round < ROUNDS; round++) {
                measure(engine, underWay, count, PRIMARY);
                measure(engine, underWay, count, PRIMARY.untilReplicated());
            }
        }
        engine.stop().block();
        client.shutdown();
        scheduler.dispose();
    }

    private static void measure(RedisEngine engine, int underWay, int count, AppendOptions options) {
        long[] nanos = new long[count];
        long from = System.nanoTime();
        Flux.range(0, count)
                .flatMap(number -> publish(engine, number, options, nanos), underWay)
                .blockLast();
        double seconds = (System.nanoTime() - from) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "| %d | %s | %,.0f | %.2f | %.2f |%n",
                underWay,
                options.replicated() ? "a replica" : "the primary",
                count / seconds,
                nanos[count / 2] / 1e6,
                nanos[count * 99 / 100] / 1e6);
    }

    private static Mono<Void> publish(RedisEngine engine, int number, AppendOptions options, long[] nanos) {
        return Mono.defer(() -> {
            long from = System.nanoTime();
            return engine.broker()
                    .publish("orders:" + number % CHANNELS, Publication.of(DATA), options)
                    .doOnSuccess(result -> nanos[number] = System.nanoTime() - from)
                    .then();
        });
    }
}
