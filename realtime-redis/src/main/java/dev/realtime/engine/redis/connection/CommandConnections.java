package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Redirect;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.RedisCommand;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connections for commands. Opened, checked and replaced by the reconciler, used by any thread. */
interface CommandConnections {

    /** Commands on the connection of this partition; they fail immediately while there is none. */
    RedisClusterAsyncCommands<byte[], byte[]> commands(int partition);

    /** See {@link PartitionCommands#direct}. */
    RedisClusterAsyncCommands<byte[], byte[]> direct(int partition);

    /** See {@link PartitionCommands#ask}. */
    <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command);

    /** See {@link PartitionCommands#moved}. */
    void moved(int partition, Redirect redirect);

    /** See {@link PartitionCommands#onOwnerChange}. */
    void onOwnerChange(ClusterRoutes.OwnerChange change);

    /** Returns the owner of a slot, by a name that is the same for all its slots; empty if unknown. */
    String owner(int slot);

    /**
     * Commands to the owner of a slot on a connection of their own, which one that waits may hold up. Opened when first
     * asked for.
     */
    CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int slot);

    /** {@code PUBLISH}, through any server that passes it on to all. */
    CompletionStage<Long> publish(int partition, byte[] name, byte[] message);

    /**
     * Sends {@code PUBLISH} through one primary of a cluster.
     *
     * @param server key of the primary
     */
    CompletionStage<Long> publishThrough(String server, byte[] name, byte[] message);

    /** Opens what is missing, proves what is there. Called by the reconciler every moment. */
    void tick(long now);

    /** Notes the topology that was read; it may be the same as before. Called by the reconciler. */
    void topologyRead(ClusterView view, boolean changed);

    /** Publishes by another path than the present one, if there is one, as publications do not arrive. */
    void avoidPresentPath();

    /** Notes that a server refused a write as it is a replica. Called by the reconciler. */
    void refusedAsReplica();

    /** Keeps only connections to this process, which a check of the address or of Sentinel found to be the primary. */
    void keepOnly(String processRunId);

    /** Returns why commands fail; {@code null} if they do not. */
    @Nullable
    String problem();

    /** Closes all; nothing is opened any more. */
    CompletionStage<Void> close();
}
