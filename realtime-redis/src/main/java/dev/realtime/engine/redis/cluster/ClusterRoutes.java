package dev.realtime.engine.redis.cluster;

import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.StillConnectingException;
import dev.realtime.engine.redis.key.Partitions;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the driver to the servers that own the partitions. Commands that go over these see redirects as
 * errors: the driver would follow them, but some commands would overtake others then.
 *
 * <p>May be used by any thread, but for {@link #use} and {@link #open}, which belong to the reconciler.
 */
public final class ClusterRoutes {

    private record Server(String host, int port) {

        @Override
        public String toString() {
            return host + ':' + port;
        }
    }

    /** One connection of the pool, with those to single servers that are behind it. */
    private record Pooled(
            StatefulRedisClusterConnection<byte[], byte[]> cluster,
            Map<Server, CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> servers) {}

    /** Listener that directs the commands of a partition to another server. */
    public interface OwnerChange {

        /**
         * Runs the change at a moment at which no command is being sent.
         *
         * @param change what sends all later commands of the partition to the other server
         */
        void run(int partition, Runnable change);
    }

    private final Partitions partitions;

    /**
     * By partition; {@code null} if no owner was ever known. A redirect changes it before the topology is read again.
     */
    private final AtomicReferenceArray<@Nullable Server> owners;

    private volatile OwnerChange ownerChange = (partition, change) -> change.run();

    private volatile List<Pooled> pool = List.of();

    public ClusterRoutes(Partitions partitions) {
        this.partitions = partitions;
        this.owners = new AtomicReferenceArray<>(partitions.control() + 1);
    }

    /** Registers the listener that directs the commands of a partition to another server and keeps their order. */
    public void onOwnerChange(OwnerChange change) {
        ownerChange = change;
    }

    public void open(List<StatefulRedisClusterConnection<byte[], byte[]>> connections) {
        List<Pooled> opened = new ArrayList<>();
        connections.forEach(connection -> opened.add(new Pooled(connection, new ConcurrentHashMap<>())));
        pool = List.copyOf(opened);
    }

    public void close() {
        pool = List.of();
    }

    public void use(ClusterView view) {
        for (int partition = 0; partition < owners.length(); partition++) {
            ClusterView.Primary owner = view.owner(partitions.slot(partition));
            // While a moving slot has no owner, its last owner says where it went. The driver would follow the
            // redirect of each command by itself, and later ones would overtake.
            if (owner != null) {
                use(partition, new Server(owner.uri().getHost(), owner.uri().getPort()));
            }
        }
    }

    /** Notes the owner of a partition that a server named. */
    public void moved(int partition, Redirect redirect) {
        Server known = owners.get(partition);
        if (known != null) {
            use(partition, target(known, redirect));
        }
    }

    private void use(int partition, Server owner) {
        // Also the first owner: until it is known, the driver sends commands over connections of its own.
        if (!Objects.equals(owners.get(partition), owner)) {
            ownerChange.run(partition, () -> owners.set(partition, owner));
        }
    }

    private static Server target(Server from, Redirect redirect) {
        return new Server(redirect.host().isEmpty() ? from.host() : redirect.host(), redirect.port());
    }

    /**
     * Returns the connection to the owner of a partition; {@code null} if that is not known.
     *
     * @throws RedisException if there is no connection
     */
    @Nullable
    public StatefulRedisConnection<byte[], byte[]> to(int partition) {
        Server owner = owners.get(partition);
        return owner == null ? null : connection(partition, owner);
    }

    /**
     * Returns the connection that an {@code ASK} for a partition leads to.
     *
     * @throws RedisException if there is no connection
     */
    public StatefulRedisConnection<byte[], byte[]> to(int partition, Redirect redirect) {
        Server owner = owners.get(partition);
        if (owner == null) {
            throw new StillConnectingException("The owner of the hash slot is not known yet");
        }
        return connection(partition, target(owner, redirect));
    }

    private StatefulRedisConnection<byte[], byte[]> connection(int partition, Server server) {
        List<Pooled> present = pool;
        if (present.isEmpty()) {
            throw new RedisConnectionException("There is no connection to the Redis Cluster");
        }
        Pooled pooled = present.get(partition % present.size());
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening =
                pooled.servers().computeIfAbsent(server, key -> open(pooled, key));
        if (!opening.isDone()) {
            throw new StillConnectingException("The connection to " + server + " is still being opened");
        }
        try {
            StatefulRedisConnection<byte[], byte[]> connection = opening.join();
            if (!connection.isOpen()) {
                // The driver either opens it again or has given it up, and then has another one.
                pooled.servers().remove(server, opening);
            }
            return connection;
        } catch (RuntimeException failed) {
            pooled.servers().remove(server, opening);
            throw new RedisConnectionException(
                    "There is no connection to " + server + ": " + DriverErrors.text(failed), failed);
        }
    }

    private static CompletableFuture<StatefulRedisConnection<byte[], byte[]>> open(Pooled pooled, Server server) {
        try {
            return pooled.cluster().getConnectionAsync(server.host(), server.port());
        } catch (RedisException unknownNode) {
            return CompletableFuture.failedFuture(unknownNode);
        }
    }
}
