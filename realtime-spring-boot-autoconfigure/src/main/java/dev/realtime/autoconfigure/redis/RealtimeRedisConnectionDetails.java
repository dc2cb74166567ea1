package dev.realtime.autoconfigure.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Details of the connection to the Redis of the engine. A bean of this type comes before the addresses and credentials
 * below {@code realtime.redis}, as those of a service connection do. Exactly one of {@link #getStandalone()},
 * {@link #getSentinel()} and {@link #getCluster()} must return something.
 */
public interface RealtimeRedisConnectionDetails extends ConnectionDetails {

    /**
     * Returns the name of the Redis user.
     *
     * @return the name, or {@code null} for the default user
     */
    default @Nullable String getUsername() {
        return null;
    }

    /**
     * Returns the password of the Redis user.
     *
     * @return the password, or {@code null} for none
     */
    default @Nullable String getPassword() {
        return null;
    }

    /**
     * Returns the bundle for TLS. It is read again for each new connection.
     *
     * @return the bundle, or {@code null} for connections without TLS
     */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }

    /**
     * Returns the single server.
     *
     * @return the server, or {@code null} if this is another kind of Redis
     */
    default @Nullable Standalone getStandalone() {
        return null;
    }

    /**
     * Returns the Sentinels and what they watch.
     *
     * @return the Sentinels, or {@code null} if this is another kind of Redis
     */
    default @Nullable Sentinel getSentinel() {
        return null;
    }

    /**
     * Returns the Redis Cluster.
     *
     * @return the cluster, or {@code null} if this is another kind of Redis
     */
    default @Nullable Cluster getCluster() {
        return null;
    }

    /**
     * Address of one server.
     *
     * @param host name or address
     * @param port port for clients
     */
    record Node(String host, int port) {}

    /**
     * Single server.
     *
     * @param node address of the server
     * @param database number of the database, 0 by default
     */
    record Standalone(Node node, int database) {

        /**
         * Returns the server with its first database.
         *
         * @param host name or address
         * @param port port for clients
         * @return the server
         */
        public static Standalone of(String host, int port) {
            return new Standalone(new Node(host, port), 0);
        }
    }

    /**
     * Redis Cluster.
     *
     * @param nodes one node or more, from which the others are found
     */
    record Cluster(List<Node> nodes) {

        public Cluster {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Sentinels and the primary that they watch.
     *
     * @param master name of the primary
     * @param nodes addresses of the Sentinels
     * @param database number of the database, 0 by default
     * @param username user of the Sentinels, or {@code null} for the default one
     * @param password password of the Sentinels, or {@code null} for none
     */
    record Sentinel(
            String master,
            List<Node> nodes,
            int database,
            @Nullable String username,
            @Nullable String password) {

        public Sentinel {
            nodes = List.copyOf(nodes);
        }

        /** Leaves the credentials out. */
        @Override
        public String toString() {
            return "Sentinel[master=%s, nodes=%s, database=%d]".formatted(master, nodes, database);
        }
    }
}
