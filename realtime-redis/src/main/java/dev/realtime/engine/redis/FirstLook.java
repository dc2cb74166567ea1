package dev.realtime.engine.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What has to be known before the first subscription: who owns what, and which commands to subscribe with. */
final class FirstLook {

    /** What was found. */
    record Result(ClusterView view, boolean sharded) {}

    private final PubSubMode mode;

    private final @Nullable TopologyReader reader;

    private final Executor executor;

    /** @param reader {@code null} where there is no cluster */
    FirstLook(PubSubMode mode, @Nullable TopologyReader reader, Executor executor) {
        this.mode = mode;
        this.reader = reader;
        this.executor = executor;
    }

    /** Looks by connections that are open; fails if that is not possible now. */
    CompletionStage<Result> first(CommandConnections commands) {
        if (reader == null) {
            return CompletableFuture.completedFuture(new Result(ClusterView.sole(), mode == PubSubMode.SHARDED));
        }
        return reader.read(List.of())
                .thenComposeAsync(
                        view -> mode == PubSubMode.AUTO
                                ? versions(view, (ClusterCommands) commands)
                                : CompletableFuture.completedFuture(new Result(view, mode == PubSubMode.SHARDED)),
                        executor);
    }

    /** Sharded pub/sub is used when all primaries know it. */
    private static CompletionStage<Result> versions(ClusterView view, ClusterCommands commands) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (ClusterView.Primary primary : view.primaries()) {
            answers.add(commands.connectionTo(primary)
                    .thenCompose(FirstLook::server)
                    .thenApply(info -> !ServerFacts.of(List.of(), info).isOlderThan(RedisVersions.SHARDED))
                    // A server that cannot be asked, or does not say, is taken for a new one.
                    .exceptionally(unknown -> true));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> new Result(view, answers.stream().allMatch(CompletableFuture::join)));
    }

    private static CompletionStage<String> server(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().info("server");
    }
}
