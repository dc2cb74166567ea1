package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.ReplicationInfo;
import dev.realtime.engine.redis.script.Script;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Scripted Redis: a function replies to each script, or the script stays open until the test replies. */
public final class ScriptedRedis implements PartitionCommands {

    /**
     * A script that was called.
     *
     * @param text the command as it is sent
     */
    public record Call(Script script, int partition, String text, AsyncCommand<byte[], byte[], Object> command) {

        /** Returns the words of the command: script, number of keys, keys, arguments. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            int at = 0;
            while (at < text.length()) {
                int end = text.indexOf("\r\n", at);
                int length = Integer.parseInt(text, at + 1, end, 10);
                words.add(text.substring(end + 2, end + 2 + length));
                at = end + 4 + length;
            }
            return words;
        }

        /** Returns the arguments of the script, without its keys. */
        List<String> arguments() {
            List<String> words = words();
            return words.subList(2 + Integer.parseInt(words.get(1)), words.size());
        }

        void answer(Object reply) {
            command.complete(reply);
        }
    }

    private final Map<Script, Function<Call, @Nullable Object>> answers = new EnumMap<>(Script.class);

    private final List<Call> open = new ArrayList<>();

    private final List<Call> calls = new ArrayList<>();

    /** Owner of each partition that is not owned by {@code A}. */
    private final Map<Integer, String> owners = new HashMap<>();

    /** Reply of each owner to {@code INFO}; one that is not here cannot be reached. */
    private final Map<String, String> replication = new HashMap<>();

    private final RedisClusterAsyncCommands<byte[], byte[]> nothing = scriptsOf(-1);

    private ReplicationInfo.@Nullable Listener listener;

    int suspected;

    private boolean failing;

    private Runnable refresh = () -> {};

    private final Map<String, String> runs = new HashMap<>();

    /** Where messages without history were published, with their first character. */
    public final List<String> published = new ArrayList<>();

    private Consumer<byte[]> control = message -> {};

    private final Set<String> answeredOnce = new HashSet<>();

    ScriptedRedis() {
        answer(Script.REPLICATION, call -> {
            refresh.run();
            String info = replication.get(owner(call.partition()));
            return info == null ? null : List.of(bytes(info), bytes(runOf(call, info)));
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Has a script answered immediately from now on; by {@code null} it stays open. */
    void answer(Script script, Function<Call, @Nullable Object> answer) {
        answers.put(script, answer);
    }

    /** The scripts of one kind that were called so far. */
    public List<Call> calls(Script script) {
        return calls.stream().filter(call -> call.script() == script).toList();
    }

    /** Takes the oldest script of one kind that is open. */
    public Call take(Script script) {
        Call oldest = open.stream()
                .filter(call -> call.script() == script)
                .findFirst()
                .orElseThrow(() -> new AssertionError(script + " is not open, but " + open));
        open.remove(oldest);
        return oldest;
    }

    void own(String owner, int partition) {
        owners.put(partition, owner);
    }

    /** A primary of this generation, which no other one came before. */
    void primary(String owner, String generation, long offset) {
        primary(owner, generation, Generation.UNKNOWN, -1, offset);
    }

    /** A primary of this generation, which continues a former one up to an offset. */
    void primary(String owner, String generation, String former, long formerEnd, long offset) {
        replication.put(
                owner,
                String.join(
                        "\r\n",
                        "role:master",
                        "master_replid:" + generation.repeat(5),
                        "master_replid2:" + former.repeat(5),
                        "master_repl_offset:" + offset,
                        "second_repl_offset:" + formerEnd,
                        "repl_backlog_active:1",
                        ""));
    }

    /** Names the process of an owner; without a name each answer of another text is of another process. */
    void run(String owner, String run) {
        runs.put(owner, run);
    }

    private String runOf(Call call, String info) {
        return "run_id:" + runs.getOrDefault(owner(call.partition()), String.valueOf(info.hashCode())) + "\r\n";
    }

    /** Sets a callback that runs before a primary reports its replication state. */
    void onReplication(Runnable refresh) {
        this.refresh = refresh;
    }

    /** Has a server answer nothing. */
    void isDown(String owner) {
        replication.remove(owner);
    }

    /** Has a server answer once more and then never again. */
    void answersOnceMore(String owner) {
        String last = replication.remove(owner);
        answer(Script.REPLICATION, call -> {
            String info = replication.get(owner(call.partition()));
            if (info == null && owner(call.partition()).equals(owner) && answeredOnce.add(owner)) {
                info = last;
            }
            return info == null ? null : List.of(bytes(info), bytes(runOf(call, info)));
        });
    }

    /** Has the engine ask all primaries for their histories. */
    void provokeRound() {
        if (listener != null) {
            listener.onServerLeft("none");
        }
    }

    /** Hands what nodes say to each other to this one, which is the only node. */
    void onControlMessage(Consumer<byte[]> listener) {
        control = listener;
    }

    /** Makes the next lookup of an owner fail. */
    void failNextOwner() {
        failing = true;
    }

    /** Makes a primary report its state unasked. */
    void sayReplication(String owner, String generation) {
        if (listener != null) {
            listener.onReplication(new ReplicationInfo(owner, owner, "master", generation.repeat(5), "", -1, 0));
        }
    }

    @SuppressWarnings("unchecked")
    private RedisClusterAsyncCommands<byte[], byte[]> scriptsOf(int partition) {
        return (RedisClusterAsyncCommands<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RedisClusterAsyncCommands.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("dispatch") && arguments.length == 3) {
                        return dispatch(partition, (CommandOutput<byte[], byte[], Object>) arguments[1], (CommandArgs<
                                        byte[], byte[]>)
                                arguments[2]);
                    }
                    AsyncCommand<byte[], byte[], ?> done = new AsyncCommand<>(
                            new Command<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE)));
                    done.complete();
                    return done;
                });
    }

    private AsyncCommand<byte[], byte[], Object> dispatch(
            int partition, CommandOutput<byte[], byte[], Object> output, CommandArgs<byte[], byte[]> arguments) {
        ByteBuf encoded = Unpooled.buffer();
        arguments.encode(encoded);
        String text = encoded.toString(StandardCharsets.ISO_8859_1);
        Script script = Arrays.stream(Script.values())
                .filter(one -> text.contains(new String(one.digest(), StandardCharsets.ISO_8859_1))
                        || text.contains(new String(one.source(), StandardCharsets.ISO_8859_1)))
                .findFirst()
                .orElseThrow();
        Call call = new Call(
                script, partition, text, new AsyncCommand<>(new Command<>(CommandType.EVAL, output, arguments)));
        calls.add(call);
        Object answer = answers.getOrDefault(script, unknown -> null).apply(call);
        if (answer == null) {
            open.add(call);
        } else {
            call.answer(answer);
        }
        return call.command();
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands(int partition) {
        return nothing;
    }

    @Override
    public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
        published.add(new String(name, StandardCharsets.UTF_8) + " " + (char) message[0]);
        control.accept(message);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> direct(int partition) {
        return scriptsOf(partition);
    }

    @Override
    public <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void moved(int partition, Redirect redirect) {}

    @Override
    public void refused(int partition, RedisErrorKind failure) {}

    @Override
    public void onOwnerChange(ClusterRoutes.OwnerChange change) {}

    @Override
    public boolean sharded() {
        return false;
    }

    @Override
    public void recheckPrimary() {
        suspected++;
    }

    @Override
    public void watchReplication(ReplicationInfo.Listener watching) {
        listener = watching;
    }

    @Override
    public int replicas(int partition) {
        return 0;
    }

    @Override
    public String owner(int partition) {
        if (failing) {
            failing = false;
            throw new AssertionError("As a defect would");
        }
        return owners.getOrDefault(partition, "A");
    }

    @Override
    public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int partition) {
        return CompletableFuture.completedFuture(nothing);
    }
}
