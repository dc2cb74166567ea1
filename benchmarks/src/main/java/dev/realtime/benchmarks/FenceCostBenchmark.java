package dev.realtime.benchmarks;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.spi.engine.AppendOptions;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Cost of the fence for a publish with history: processor time of Redis for each, and publishes in a second, as a user
 * that may read the generation of Redis with {@code INFO} in scripts, and as one that may not and has no
 * fence. Takes the address of a server that nothing else uses; it gets the two users.
 */
public final class FenceCostBenchmark {

    private static final AppendOptions WITH_HISTORY =
            AppendOptions.keeping(new HistoryOptions(100, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL));

    private static final Payload DATA = Payload.ofText("{\"text\":\"" + "x".repeat(100) + "\"}");

    private static final int CHANNELS = 1_000;

    private static final int IN_PROGRESS = 64;

    private static final int PUBLISHES = 100_000;

    private static final int ROUNDS = 4;

    private static final String FENCED = "fenced";

    private static final String PLAIN = "plain";

    private static final String PASSWORD = "secret";

    private FenceCostBenchmark() {}

    public static void main(String[] arguments) {
        RedisClient observer = RedisClient.create("redis://" + arguments[0]);
        RedisCommands<String, String> redis = observer.connect().sync();
        user(redis, FENCED, AclSetuserArgs.Builder.allCommands());
        user(redis, PLAIN, AclSetuserArgs.Builder.allCommands().removeCommand(CommandType.INFO));
        System.out.println("| fence | processor time of Redis, us per publish | publishes/s |\n|---|---|---|");
        for (int round = 0; round < ROUNDS; round++) {
            // The first warms up.
            measure(redis, arguments[0], PLAIN, round > 0);
            measure(redis, arguments[0], FENCED, round > 0);
        }
        observer.shutdown();
    }

    private static void user(RedisCommands<String, String> redis, String name, AclSetuserArgs rights) {
        redis.aclSetuser(name, rights.on().addPassword(PASSWORD).allKeys().allChannels());
    }

    private static void measure(RedisCommands<String, String> redis, String address, String user, boolean print) {
        RedisEngineOptions options = RedisEngineOptions.of(RedisTopology.STANDALONE);
        RedisClient client = RedisClient.create("redis://" + user + ":" + PASSWORD + "@" + address);
        client.setOptions(LettuceOptions.of(options, SslOptions.create()));
        Scheduler scheduler = Schedulers.newSingle("redis-engine", true);
        RedisEngine engine = new RedisEngine(client, options, scheduler);
        engine.broker().start(Nobody.INSTANCE);
        engine.controlBus().start(new OneNode());
        engine.start().block();
        publish(engine, CHANNELS);
        double busy = busySeconds(redis);
        long from = System.nanoTime();
        publish(engine, PUBLISHES);
        double seconds = (System.nanoTime() - from) / 1e9;
        double perPublish = (busySeconds(redis) - busy) * TimeUnit.SECONDS.toMicros(1) / PUBLISHES;
        engine.stop().block();
        client.shutdown();
        scheduler.dispose();
        if (print) {
            System.out.printf(
                    "| %s | %.1f | %,.0f |%n", user.equals(FENCED) ? "yes" : "no", perPublish, PUBLISHES / seconds);
        }
    }

    private static void publish(RedisEngine engine, int count) {
        Flux.range(0, count)
                .flatMap(
                        number -> engine.broker()
                                .publish("orders:" + number % CHANNELS, Publication.of(DATA), WITH_HISTORY),
                        IN_PROGRESS)
                .blockLast();
    }

    private static double busySeconds(RedisCommands<String, String> redis) {
        return redis.info("cpu")
                .lines()
                .filter(line -> line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                .sum();
    }
}
