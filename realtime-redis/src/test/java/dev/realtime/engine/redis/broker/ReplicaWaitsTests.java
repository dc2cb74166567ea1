package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.script.RedisScripts;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Publications that share one wait for replicas. */
class ReplicaWaitsTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Long enough to hand over two publications, short enough to wait for without a pause. */
    private static final long SHORT_NANOS = 50_000_000;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final Partitions partitions = new Partitions(16);

    private final RedisKeys keys = new RedisKeys("test", partitions);

    private final RedisStatistics statistics = new RedisStatistics();

    /** Connections that were asked for. */
    private final List<CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>>> connections = new ArrayList<>();

    private final List<String> ended = new ArrayList<>();

    private final PartitionCommands redis =
            proxy(PartitionCommands.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "owner" -> "Redis";
                case "replicas" -> 1;
                case "waitConnection" -> {
                    connections.add(new CompletableFuture<>());
                    yield connections.get(connections.size() - 1);
                }
                default -> null;
            });

    private final ReplicaWaits waits = new ReplicaWaits(
            keys, new RedisScripts(redis, partitions, TIMEOUT, statistics, new GarbageLog(statistics), time), TIMEOUT);

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A server with one replica, which has everything. */
    @SuppressWarnings("unchecked")
    private RedisClusterAsyncCommands<byte[], byte[]> replicated(int publications) {
        return proxy(RedisClusterAsyncCommands.class, (proxy, method, arguments) -> {
            if (method.getName().equals("waitForReplication")) {
                return done(1L);
            }
            List<Object> has = new ArrayList<>(List.of(1L));
            for (int index = 0; index < publications; index++) {
                has.add(1L);
            }
            return done(has);
        });
    }

    private static <T> RedisFuture<T> done(T value) {
        AsyncCommand<byte[], byte[], T> command = new AsyncCommand<>(new Command<>(CommandType.EVAL, null));
        ((CompletableFuture<T>) command).complete(value);
        return command;
    }

    private void publish(String name, long beganAt) {
        waits.await("chat", keys.of("chat"), "epoch", 1, beganAt)
                .subscribe(nothing -> {}, error -> ended.add(name + " failed"), () -> ended.add(name));
    }

    private static void pass(long until) {
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void publicationWhoseTimeIsOverDoesNotFailTheOthersOfItsBatch() {
        publish("first", System.nanoTime());
        long late = System.nanoTime() - TIMEOUT.toNanos() + SHORT_NANOS;
        publish("late", late);
        publish("other", System.nanoTime());
        connections.get(0).complete(replicated(1));
        pass(late + TIMEOUT.toNanos());

        connections.get(1).completeExceptionally(new RedisConnectionException("lost"));

        assertThat(ended).containsExactly("first", "late failed");
        time.advanceTimeBy(Duration.ofSeconds(1));
        connections.get(2).complete(replicated(1));
        assertThat(ended).containsExactly("first", "late failed", "other");
    }

    @Test
    void callerThatFailsWithItsResultDoesNotHoldUpTheLane() {
        waits.await("chat", keys.of("chat"), "epoch", 1, System.nanoTime())
                .subscribe(nothing -> {}, error -> {}, () -> {
                    throw new NoClassDefFoundError("a class of the application");
                });
        publish("next", System.nanoTime());

        connections.get(0).complete(replicated(1));
        connections.get(1).complete(replicated(1));

        assertThat(ended).containsExactly("next");
    }

    /** The server refuses the write of a partition whose slot moves, as one of its keys is missing. */
    @Test
    void publicationWhoseSlotMovesDoesNotHoldUpThoseOfOtherPartitions() {
        String moving = channelOutside(keys.of("chat").partition());
        publish("first", System.nanoTime());
        publish("other", System.nanoTime());
        waits.await(moving, keys.of(moving), "epoch", 1, System.nanoTime())
                .subscribe(nothing -> {}, error -> ended.add("moving failed"), () -> ended.add("moving"));
        connections.get(0).complete(replicated(1));

        connections.get(1).complete(refusing(keys.of(moving).partition()));
        assertThat(ended).containsExactly("first", "other");
        time.advanceTimeBy(Duration.ofSeconds(1));
        connections.get(2).complete(replicated(1));

        assertThat(ended).containsExactly("first", "other", "moving");
    }

    private String channelOutside(int partition) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> "chat" + number)
                .filter(channel -> keys.of(channel).partition() != partition)
                .findFirst()
                .orElseThrow();
    }

    /** A server with one replica, which refuses what is in one partition. */
    @SuppressWarnings("unchecked")
    private RedisClusterAsyncCommands<byte[], byte[]> refusing(int partition) {
        String refused = new String(keys.replicated(partition), StandardCharsets.ISO_8859_1);
        RedisClusterAsyncCommands<byte[], byte[]> others = replicated(1);
        return proxy(RedisClusterAsyncCommands.class, (proxy, method, arguments) -> {
            if (method.getName().equals("dispatch")
                    && encoded((CommandArgs<byte[], byte[]>) arguments[2]).contains(refused)) {
                AsyncCommand<byte[], byte[], Object> command =
                        new AsyncCommand<>(new Command<>(CommandType.EVAL, null));
                command.completeExceptionally(
                        new RedisCommandExecutionException("TRYAGAIN Multiple keys request during rehashing of slot"));
                return command;
            }
            return method.invoke(others, arguments);
        });
    }

    private static String encoded(CommandArgs<byte[], byte[]> arguments) {
        ByteBuf encoded = Unpooled.buffer();
        arguments.encode(encoded);
        return encoded.toString(StandardCharsets.ISO_8859_1);
    }

    /** What a publisher does with the result is not to run on the thread that all of this JVM share for timeouts. */
    @Test
    void schedulerOfTheEngineEndsAWaitThatIsNotAnswered() {
        publish("one", System.nanoTime());

        time.advanceTimeBy(TIMEOUT.plusSeconds(1));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(connections).hasSize(2);
        connections.get(1).complete(replicated(1));
        assertThat(ended).containsExactly("one");
    }

    @Test
    void refusalThatDoesNotPassFailsAll() {
        publish("one", System.nanoTime());

        connections.get(0).completeExceptionally(new EngineException("not allowed"));

        assertThat(ended).containsExactly("one failed");
    }
}
