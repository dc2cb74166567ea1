package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The end of the creation of keys, which the lane of a partition waits for. */
class MissingKeysTests {

    @Test
    void creationEndsWhereThereIsNoConnection() {
        RedisLink link = (RedisLink) Proxy.newProxyInstance(
                RedisLink.class.getClassLoader(), new Class<?>[] {RedisLink.class}, (proxy, method, arguments) -> {
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

        assertThat(new MissingKeys(link, request).create()).isCompleted();
    }

    /** One key of three was evicted where the slot is moving to. */
    @Test
    void keyThatExistsKeepsItsContentAndItsTimeToLive() {
        byte[][] keys = {{1}, {2}, {3}};
        List<String> changes = new ArrayList<>();
        RedisLink link = proxy(
                RedisLink.class,
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

        assertThat(new MissingKeys(link, request).create()).isCompleted();

        assertThat(changes).containsExactly("hsetnx 3", "pexpire 3");
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
