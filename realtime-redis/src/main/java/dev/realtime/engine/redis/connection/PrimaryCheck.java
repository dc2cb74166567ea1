package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.driver.Connector;
import dev.realtime.engine.redis.driver.ServerInfo;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Periodic check of the address of the primary in Sentinel or the name service: opens a connection and asks the server
 * for its identity. A notification of a new primary may be missed, and the old one may still respond and accept writes
 * that are discarded later. Belongs to the reconciler.
 */
final class PrimaryCheck {

    /**
     * Number of times in a row that another server must reply. With two behind an address, chance is one in sixteen.
     */
    private static final int LOOKS = 5;

    private static final int SEVERAL_FOR_LOOKS = 20;

    private final RedisClient client;

    private final Connector connector;

    private final long intervalNanos;

    private final Consumer<String> found;

    private final Executor executor;

    private volatile long nextAt;

    /** For how many looks more it is assumed that there are several servers behind the address. */
    private int several;

    /** Whether a look is in progress: one at a time, however slowly connections open. */
    private boolean looking;

    /** The server that the last looks led to. */
    private @Nullable String known;

    /** @param found called with the {@code run_id} of the primary, on the reconciler; not where that may not be read */
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
        if (!looking && now - nextAt >= 0) {
            nextAt = now + intervalNanos;
            looking = true;
            check(null, 1);
        }
    }

    /**
     * Checks, and checks again if another server responds than the last time: one address may lead to several servers,
     * such as a balancer of proxies, and then none of them is the only one.
     */
    private void check(@Nullable String before, int times) {
        connector
                .open(() -> client.connect(ByteArrayCodec.INSTANCE))
                .thenCompose(PrimaryCheck::runId)
                .exceptionally(failure -> null)
                .thenAcceptAsync(runId -> checked(runId, before, times), executor);
    }

    private void checked(@Nullable String runId, @Nullable String before, int times) {
        looking = false;
        if (runId != null && before != null && !before.equals(runId)) {
            several = SEVERAL_FOR_LOOKS;
        } else if (runId != null) {
            judge(runId, times);
        }
    }

    private void judge(String runId, int times) {
        if (!runId.equals(known) && times < LOOKS) {
            looking = true;
            check(runId, times + 1);
            return;
        }
        known = runId;
        if (several > 0) {
            several--;
        } else {
            found.accept(runId);
        }
    }

    private static CompletionStage<@Nullable String> runId(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().info("server").handle((server, failure) -> {
            connection.closeAsync();
            return failure == null ? ServerInfo.field(server, "run_id") : null;
        });
    }
}
