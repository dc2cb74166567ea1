package dev.realtime.engine.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.driver.StillConnectingException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The end of the creation of keys, which the lane of a partition waits for. */
class MissingKeysTests {

    @Test
    void creationEndsWhereThereIsNoConnection() {
        PartitionCommands redis = (PartitionCommands) Proxy.newProxyInstance(
                PartitionCommands.class.getClassLoader(),
                new Class<?>[] {PartitionCommands.class},
                (proxy, method, arguments) -> {
                    throw new StillConnectingException("The connection is still being opened");
                });
        ScriptRequest<Long> request = new ScriptRequest<>(
                Script.HISTORY,
                1,
                new byte[][] {{1}, {2}},
                new byte[][] {},
                ScriptRequest::number,
                true,
                "History of channel",
                "chat");

        assertThat(new MissingKeys(redis, request).create()).isCompleted();
    }

    /** One key of three was evicted where the slot is moving to. */
    @Test
    void keyThatExistsKeepsItsContentAndItsTimeToLive() {
        byte[][] keys = {{1}, {2}, {3}};
        List<String> changes = new ArrayList<>();
        PartitionCommands redis = proxy(
                PartitionCommands.class,
                (proxy, method, arguments) -> proxy(RedisClusterAsyncCommands.class, (commands, command, given) -> {
                    byte[] key = given[0] instanceof byte[][] several ? several[0] : (byte[]) given[0];
                    if (command.getName().equals("exists")) {
                        return method.getName().equals("direct")
                                ? failed(new RedisCommandExecutionException("ASK 1 127.0.0.1:1"))
                                : done(key[0] == 3 ? 0L : 1L);
                    }
                    changes.add(command.getName() + " " + key[0]);
                    return done(true);
                }));
        ScriptRequest<Long> request = new ScriptRequest<>(
                Script.PRESENCE_ALL,
                1,
                keys,
                new byte[][] {},
                ScriptRequest::number,
                true,
                "Presence of channel",
                "chat");

        assertThat(new MissingKeys(redis, request).create()).isCompleted();

        assertThat(changes).containsExactly("hsetnx 3", "pexpire 3");
    }

    /** The connection may be lost between the creation of a key and its time to live. */
    @Test
    void keyGetsItsTimeToLiveAtTheSecondAttempt() {
        List<String> changes = new ArrayList<>();
        PartitionCommands redis = linkWithout(3, (command, given) -> {
            changes.add(command + " " + ((byte[]) given[0])[0]);
            return command.equals("pexpire") && changes.size() == 2
                    ? failed(new RedisException("Connection reset"))
                    : done(true);
        });

        assertThat(new MissingKeys(redis, request(Script.PRESENCE_ALL)).create())
                .isCompleted();

        assertThat(changes).containsExactly("hsetnx 3", "pexpire 3", "pexpire 3");
    }

    @Test
    void answerIsCreatedWithItsTimeToLive() {
        List<String> changes = new ArrayList<>();
        PartitionCommands redis = linkWithout(3, (command, given) -> {
            CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
            ((SetArgs) given[2]).build(arguments);
            changes.add(command + " " + arguments.toCommandString());
            return done("OK");
        });

        assertThat(new MissingKeys(redis, request(Script.PUBLISH)).create()).isCompleted();

        assertThat(changes)
                .singleElement()
                .satisfies(set ->
                        assertThat(set).startsWith("set ").contains("PX 60000").contains("NX"));
    }

    private static ScriptRequest<Long> request(Script script) {
        return new ScriptRequest<>(
                script,
                1,
                new byte[][] {{1}, {2}, {3}},
                new byte[][] {},
                ScriptRequest::number,
                true,
                "Script of channel",
                "chat");
    }

    /** A slot that has moved but for one key. */
    private static PartitionCommands linkWithout(int missing, BiFunction<String, Object[], RedisFuture<?>> change) {
        return proxy(
                PartitionCommands.class,
                (proxy, method, arguments) -> proxy(RedisClusterAsyncCommands.class, (commands, command, given) -> {
                    if (!command.getName().equals("exists")) {
                        return change.apply(command.getName(), given);
                    }
                    byte[] key = ((byte[][]) given[0])[0];
                    return method.getName().equals("direct")
                            ? failed(new RedisCommandExecutionException("ASK 1 127.0.0.1:1"))
                            : done(key[0] == missing ? 0L : 1L);
                }));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static <T> RedisFuture<T> done(T value) {
        AsyncCommand<byte[], byte[], T> command = new AsyncCommand<>(new Command<>(CommandType.EXISTS, null));
        ((CompletableFuture<T>) command).complete(value);
        return command;
    }

    private static RedisFuture<Object> failed(RuntimeException failure) {
        AsyncCommand<byte[], byte[], Object> command = new AsyncCommand<>(new Command<>(CommandType.EXISTS, null));
        command.completeExceptionally(failure);
        return command;
    }
}
