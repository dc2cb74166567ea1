package dev.realtime.engine.redis.driver;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The role of a server: by {@code INFO} where that is allowed, otherwise by {@code HELLO}, which every user may run.
 */
public final class ServerRole {

    /** The commands of one connection. */
    public interface Commands {

        CompletionStage<String> info(String section);

        <T> CompletionStage<T> dispatch(CommandType command, CommandOutput<byte[], byte[], T> output);
    }

    private ServerRole() {}

    /** Returns the section {@code replication} of {@code INFO}, or as much of it as can be found out. */
    public static CompletionStage<String> replication(Commands commands) {
        return commands.info("replication")
                .handle((info, refused) -> {
                    if (refused == null) {
                        return CompletableFuture.completedFuture(info);
                    }
                    return RedisErrorKind.unwrap(refused) instanceof RedisCommandExecutionException
                            ? commands.dispatch(CommandType.HELLO, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE))
                                    .thenApply(ServerRole::roleOf)
                                    .toCompletableFuture()
                            : CompletableFuture.<String>failedFuture(refused);
                })
                .thenCompose(answer -> answer);
    }

    private static String roleOf(List<Object> hello) {
        for (int index = 0; index + 1 < hello.size(); index += 2) {
            if (text(hello.get(index)).equals("role")) {
                return "role:" + (text(hello.get(index + 1)).equals("master") ? "master" : "slave");
            }
        }
        return "";
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
