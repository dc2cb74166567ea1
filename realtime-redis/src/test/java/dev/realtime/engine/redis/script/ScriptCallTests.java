package dev.realtime.engine.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.driver.StillConnectingException;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.stream.StreamScripts;
import io.lettuce.core.RedisCommandExecutionException;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Calls that are redirected while their slot moves. */
class ScriptCallTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final Partitions partitions = new Partitions(16);

    private final RedisStatistics statistics = new RedisStatistics();

    /** What was sent where, and has no reply yet. */
    private final List<String> sent = new ArrayList<>();

    private final List<CompletableFuture<Object>> replies = new ArrayList<>();

    private final List<String> ended = new ArrayList<>();

    /** Messages to the owner of the slot. */
    private final List<byte[]> published = new ArrayList<>();

    private boolean sharded = true;

    /** The script with its arguments that was sent to the owner last. */
    private String lastScript = "";

    private final PartitionCommands redis =
            proxy(PartitionCommands.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "direct" ->
                    proxy(RedisClusterAsyncCommands.class, (commands, command, given) -> {
                        if (given[given.length - 1] instanceof CommandArgs<?, ?> scriptArguments) {
                            ByteBuf encoded = Unpooled.buffer();
                            scriptArguments.encode(encoded);
                            lastScript = encoded.toString(StandardCharsets.ISO_8859_1);
                        }
                        return sent(command.getName() + " source");
                    });
                case "ask" -> sent("target");
                case "publish" -> published((byte[]) arguments[2]);
                case "sharded" -> sharded;
                default -> null;
            });

    private final RedisScripts scripts =
            new RedisScripts(redis, partitions, TIMEOUT, statistics, new GarbageLog(statistics), time);

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private RedisFuture<Object> sent(String where) {
        AsyncCommand<byte[], byte[], Object> command = new AsyncCommand<>(new Command<>(CommandType.EVAL, null));
        sent.add(where);
        replies.add(command);
        return command;
    }

    private CompletableFuture<Long> published(byte[] message) {
        published.add(message);
        return CompletableFuture.completedFuture(0L);
    }

    private void call(String name) {
        scripts.run(
                new ScriptRequest<Long>(
                        Script.PUBLISH,
                        1,
                        new byte[][] {{1}, {2}},
                        new byte[][] {},
                        ScriptRequest::number,
                        false,
                        "Publishing to channel",
                        name),
                observer(name));
    }

    private <T> ScriptCall.Observer<T> observer(String name) {
        return new ScriptCall.Observer<>() {

            @Override
            public void succeeded(T result) {
                ended.add(name);
            }

            @Override
            public void failed(EngineException error) {
                ended.add(name + " failed");
            }
        };
    }

    /** Replies to the first command that has none. */
    private void reply(String error) {
        replies.remove(0).completeExceptionally(new RedisCommandExecutionException(error));
    }

    private void succeed() {
        replies.remove(0).complete(1L);
    }

    /** Keys arrive at the target one after the other, so it may refuse the first call and run the next. */
    @Test
    void redirectedCallDoesNotOvertakeOneThatTheTargetRefuses() {
        call("first");
        call("second");
        reply("ASK 1 127.0.0.1:7001");
        reply("ASK 1 127.0.0.1:7001");

        assertThat(sent).containsExactly("dispatch source", "dispatch source", "target");
        reply("TRYAGAIN Multiple keys request during rehashing of slot");
        time.advanceTimeBy(Duration.ofMillis(10));
        while (!replies.isEmpty() && ended.size() < 2) {
            if (sent.get(sent.size() - replies.size()).equals("target")) {
                succeed();
            } else {
                reply("ASK 1 127.0.0.1:7001");
            }
        }

        assertThat(ended).containsExactly("first", "second");
    }

    @Test
    void publishWithoutHistoryKeepsItsPlaceBehindARedirect() {
        scripts.publish(1, new byte[] {1}, new byte[] {1}, "Publishing to channel", "first")
                .subscribe(receivers -> ended.add("first"));
        scripts.publish(1, new byte[] {1}, new byte[] {1}, "Publishing to channel", "second")
                .subscribe(receivers -> ended.add("second"));
        reply("MOVED 1 127.0.0.1:7001");

        // As the second may have met the new owner already, the first does not wait for its own reply alone.
        scripts.publish(1, new byte[] {1}, new byte[] {1}, "Publishing to channel", "third")
                .subscribe(receivers -> ended.add("third"));
        assertThat(sent).hasSize(2);
        reply("MOVED 1 127.0.0.1:7001");
        while (!replies.isEmpty()) {
            succeed();
        }

        assertThat(ended).containsExactly("first", "second", "third");
    }

    @Test
    void scriptOnTheOwnerIsNotRedirectedWhereTheSlotIsMovingTo() {
        scripts.run(
                new ScriptRequest<>(
                        Script.REPLICATION,
                        1,
                        new byte[][] {{1}},
                        new byte[][] {},
                        ScriptRequest::number,
                        true,
                        "Asking the owner of partition",
                        "1"),
                observer("history"));

        reply("ASK 1 127.0.0.1:7001");
        succeed();

        assertThat(sent).doesNotContain("target").hasSize(2);
        assertThat(ended).containsExactly("history");
    }

    /** At the start a call may wait for the first connection, and for the pub/sub mode that the other nodes noted. */
    @Test
    void scriptPublishesInTheModeThatIsDecidedAfterItWasMade() {
        StreamScripts streams = new StreamScripts(new GarbageLog(statistics));
        RedisKeys keys = new RedisKeys("test", partitions);
        scripts.run(streams.publishOnce("chat", keys.of("chat"), new byte[] {1}, "once"), observer("chat"));
        replies.remove(0).completeExceptionally(new StillConnectingException("The mode is still being read"));

        sharded = false;
        time.advanceTimeBy(Duration.ofMillis(10));

        assertThat(lastScript).contains("\r\nPUBLISH\r\n").doesNotContain("\r\nSPUBLISH\r\n");
        replies.remove(0).completeExceptionally(new RedisCommandExecutionException("READONLY a replica"));
        sharded = true;
        time.advanceTimeBy(Duration.ofMillis(160));
        assertThat(lastScript).contains("\r\nSPUBLISH\r\n");
    }

    /** No node is subscribed yet where the slot is moving to. */
    @Test
    void lossThatIsNotedWhereTheSlotIsMovingToIsReportedAtTheOwner() {
        RedisKeys.ChannelKeys keys = new RedisKeys("test", partitions).of("chat:room");
        StreamScripts streams = new StreamScripts(new GarbageLog(statistics));
        scripts.run(streams.noteSeen("chat:room", keys, Map.of("e1", 5L)), observer("noted"));

        reply("ASK 1 127.0.0.1:7001");
        succeed();

        assertThat(ended).containsExactly("noted");
        assertThat(published)
                .singleElement()
                .satisfies(message ->
                        assertThat(ChannelMessage.read(message, "e1")).isInstanceOf(ChannelMessage.EpochBegun.class));
    }
}
