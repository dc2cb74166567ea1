package dev.realtime.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks Sentinel, or the name service, now and then where the primary is, by opening a connection as any other and asking the
 * server that it leads to for its identity. A message that tells of a new primary may be missed, and the old one may still
 * answer and take writes that are thrown away later. Belongs to the reconciler.
 */
final class PrimaryCheck {

    private final RedisClient client;

    private final Connector connector;

    private final long intervalNanos;

    private final Consumer<String> found;

    private final Executor executor;

    private volatile long nextAt;

    /** @param found is told the {@code run_id} of the primary, on the reconciler; not called where that may not be read */
    PrimaryCheck(
            RedisClient client, Connector connector, Duration interval, Consumer<String> found, Executor executor) {
        this.client = client;
        this.connector = connector;
        this.intervalNanos = interval.toNanos();
        this.found = found;
        this.executor = executor;
        this.nextAt = System.nanoTime() + intervalNanos;
    }

    /** Has the next tick look, whenever the last look was. */
    void hurry() {
        nextAt = System.nanoTime();
    }

    void tick(long now) {
        if (now - nextAt < 0) {
            return;
        }
        nextAt = now + intervalNanos;
        connector
                .open(() -> client.connect(ByteArrayCodec.INSTANCE))
                .thenCompose(PrimaryCheck::runId)
                .thenAcceptAsync(
                        runId -> {
                            if (runId != null) {
                                found.accept(runId);
                            }
                        },
                        executor);
    }

    private static CompletionStage<@Nullable String> runId(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().info("server").handle((server, failure) -> {
            connection.closeAsync();
            return failure == null ? ServerInfo.field(server, "run_id") : null;
        });
    }
}
