package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.generation.ReplicationInfo;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.RedisCommand;
import java.util.concurrent.CompletionStage;

/** The way of commands to Redis. Never blocks; may be used by any thread. */
public interface PartitionCommands {

    /**
     * Commands on the connection of a partition: always the same one, so that order holds. The first key of each
     * command must carry the tag of the partition. While Redis cannot be reached the commands fail immediately.
     */
    RedisClusterAsyncCommands<byte[], byte[]> commands(int partition);

    /**
     * Publishes to all nodes that subscribed: {@code SPUBLISH} at the owner of the partition when {@link #sharded()},
     * else {@code PUBLISH} through any node that can be reached. The result is the number of receivers that the server
     * counted.
     */
    CompletionStage<Long> publish(int partition, byte[] name, byte[] message);

    /**
     * Commands to the server that owns a partition, as far as known. Redirects of a cluster are not followed: they come
     * as errors.
     *
     * @throws RuntimeException if there is no connection to it
     */
    RedisClusterAsyncCommands<byte[], byte[]> direct(int partition);

    /**
     * Sends a command to where the server sent it that owns the partition, which is moving there.
     *
     * @throws RuntimeException if there is no connection to it
     */
    <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command);

    /** Notes the owner of a partition that a server named. */
    void moved(int partition, Redirect redirect);

    /** Notes that a server refused a command for a partition. May be called often. */
    void refused(int partition, RedisErrorKind failure);

    /** Registers the listener that directs the commands of a partition to another server and keeps their order. */
    void onOwnerChange(ClusterRoutes.OwnerChange change);

    /** Whether sharded pub/sub is in use; scripts that publish must use the same. Decided when the engine starts. */
    boolean sharded();

    /** A server that commands were sent to is no longer the one to ask: looks for the right one, soon. */
    void recheckPrimary();

    /**
     * Has a listener called with the replication state of each primary, about once a second, wherever {@code INFO} is
     * allowed.
     */
    void watchReplication(ReplicationInfo.Listener listener);

    /**
     * Returns how many replicas of the owner of a partition have its whole data, as it last said; 0 if that is not
     * known.
     */
    int replicas(int partition);

    /** Returns the owner of a partition, by a name that is the same for all its partitions; empty if unknown. */
    String owner(int partition);

    /**
     * Commands to the owner of a partition on a connection of their own: {@code WAIT} holds up all that come behind it.
     * They fail while it is not open yet.
     */
    CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int partition);
}
