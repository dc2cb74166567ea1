package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.options.PubSubMode;
import io.lettuce.core.RedisCommandExecutionException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Facts that have to be known before the first subscription: the owner of each slot, and which commands to subscribe
 * with. Nodes that use different commands do not hear each other, so where the mode is {@link PubSubMode#AUTO} the
 * first node of a deployment notes what it found, and all others follow.
 */
public final class InitialTopology {

    /** Result of the check. */
    record Result(ClusterView view, boolean sharded) {}

    /** Field of the layout. */
    private static final byte[] FIELD = bytes("pubsub");

    private static final String SHARDED = "sharded";

    private static final String PLAIN = "plain";

    private final PubSubMode mode;

    private final TopologyDriver driver;

    private final Executor executor;

    private final byte[] layout;

    private final int partition;

    /**
     * @param layout key of the layout
     * @param partition whose tag the key carries
     */
    InitialTopology(PubSubMode mode, TopologyDriver driver, Executor executor, byte[] layout, int partition) {
        this.mode = mode;
        this.driver = driver;
        this.executor = executor;
        this.layout = layout;
        this.partition = partition;
    }

    /** Returns how the layout names a mode. */
    public static String name(boolean sharded) {
        return sharded ? SHARDED : PLAIN;
    }

    /** Looks by connections that are open; fails if that is not possible now. */
    CompletionStage<Result> first() {
        return driver.readView()
                .thenComposeAsync(known -> mode(known).thenApply(sharded -> new Result(known, sharded)), executor);
    }

    private CompletionStage<Boolean> mode(ClusterView view) {
        if (mode != PubSubMode.AUTO) {
            return CompletableFuture.completedFuture(mode == PubSubMode.SHARDED);
        }
        return noted().thenCompose(noted -> noted == null
                ? driver.prefersSharded(view).thenCompose(this::note)
                : CompletableFuture.completedFuture(noted));
    }

    private CompletionStage<Boolean> note(boolean sharded) {
        return driver.commands()
                .commands(partition)
                .hsetnx(layout, FIELD, bytes(name(sharded)))
                .exceptionallyCompose(error -> refused(error, false))
                .thenCompose(done -> noted())
                .thenApply(noted -> noted == null ? sharded : noted);
    }

    /** Returns the mode that is noted; {@code null} if there is none or it may not be read. */
    private CompletionStage<@Nullable Boolean> noted() {
        return driver.commands()
                .commands(partition)
                .hget(layout, FIELD)
                .<@Nullable Boolean>thenApply(InitialTopology::read)
                .exceptionallyCompose(error -> refused(error, null));
    }

    private static @Nullable Boolean read(byte @Nullable [] noted) {
        String text = noted == null ? "" : new String(noted, StandardCharsets.UTF_8);
        return text.equals(SHARDED) ? Boolean.TRUE : text.equals(PLAIN) ? Boolean.FALSE : null;
    }

    /**
     * Returns {@code instead} where Redis refuses on principle; any other failure fails this attempt, which is then
     * repeated.
     */
    static <T extends @Nullable Object> CompletionStage<T> refused(Throwable error, T instead) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        String text = String.valueOf(cause.getMessage());
        return cause instanceof RedisCommandExecutionException
                        && (text.startsWith("NOPERM") || text.startsWith("WRONGTYPE") || text.startsWith("ERR"))
                ? CompletableFuture.completedFuture(instead)
                : CompletableFuture.failedFuture(cause);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
