package dev.realtime.engine.redis.driver;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/** Commands that fail immediately, used while there is no connection. */
public final class FailingCommands {

    private FailingCommands() {}

    /** @param why there is no connection */
    public static RedisClusterAsyncCommands<byte[], byte[]> commands(String why) {
        return commands(() -> new RedisConnectionException(why));
    }

    /** @param why the failure of each command */
    @SuppressWarnings("unchecked")
    public static RedisClusterAsyncCommands<byte[], byte[]> commands(Supplier<RedisException> why) {
        return (RedisClusterAsyncCommands<byte[], byte[]>) Proxy.newProxyInstance(
                RedisClusterAsyncCommands.class.getClassLoader(),
                new Class<?>[] {RedisClusterAsyncCommands.class},
                (proxy, method, arguments) -> {
                    if (RedisFuture.class.isAssignableFrom(method.getReturnType())) {
                        return failed(why);
                    }
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "no connection to Redis";
                        };
                    }
                    throw why.get();
                });
    }

    /** Returns a command that failed before it was sent. */
    private static RedisFuture<Object> failed(Supplier<RedisException> why) {
        AsyncCommand<byte[], byte[], Object> command = new AsyncCommand<>(new Command<>(CommandType.PING, null));
        command.completeExceptionally(why.get());
        return command;
    }
}
