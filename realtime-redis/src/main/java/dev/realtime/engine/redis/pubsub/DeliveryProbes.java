package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.key.Partitions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One probe for each pub/sub connection, through a partition that the connection owns. Belongs to the reconciler, but
 * for {@link #sinceLast()}.
 */
final class DeliveryProbes {

    private final Function<String, PublishPath> paths;

    private final Duration interval;

    private final String prefix;

    private final String node;

    private final Partitions tags;

    /** By key of the server. */
    private final Map<String, DeliveryProbe> probes = new HashMap<>();

    /** Oldest of the times at which each connection was last verified; {@code null} if one never was. */
    private volatile @Nullable Long verifiedAt;

    /**
     * @param paths finds how to publish for a server
     * @param node makes the names of probes this node's own
     */
    DeliveryProbes(
            Function<String, PublishPath> paths, Duration interval, String prefix, String node, Partitions tags) {
        this.paths = paths;
        this.interval = interval;
        this.prefix = prefix;
        this.node = node;
        this.tags = tags;
    }

    /**
     * Sends what is due to a server. Returns whether the last probe did not come back in time.
     *
     * @param connection to the server, if there is one
     * @param partition finds one that the connection owns, preferably the given one
     */
    boolean tick(
            String server,
            @Nullable PubSubConnection connection,
            Function<@Nullable PartitionSubscriptions, @Nullable PartitionSubscriptions> partition,
            long now) {
        DeliveryProbe probe = probes.computeIfAbsent(server, key -> {
            // In plain mode several probes may use the same partition.
            String name = node + ':' + server;
            return new DeliveryProbe(paths.apply(server), interval, prefix, name, now);
        });
        if (connection == null) {
            probe.restart(now);
            return false;
        }
        PartitionSubscriptions used = partition.apply(probe.partition());
        if (used != probe.partition()) {
            probe.use(used, used == null ? "" : tags.tag(used.partition()), now);
        }
        return probe.tick(now);
    }

    /** A server is not used any more. */
    void remove(String server, long now) {
        DeliveryProbe probe = probes.remove(server);
        if (probe != null) {
            probe.use(null, "", now);
        }
    }

    /** Forgets all servers but these. */
    void keepOnly(Collection<String> servers, long now) {
        List.copyOf(probes.keySet()).stream()
                .filter(server -> !servers.contains(server))
                .forEach(server -> remove(server, now));
    }

    /** Determines the connection whose last verification is the oldest. */
    void measure(long now) {
        long oldest = now;
        for (DeliveryProbe probe : probes.values()) {
            // A server whose slots hold none of our partitions is not verified, and need not be.
            if (probe.partition() != null) {
                Long returnedAt = probe.returnedAt();
                if (returnedAt == null) {
                    verifiedAt = null;
                    return;
                }
                oldest = Math.min(oldest, returnedAt);
            }
        }
        verifiedAt = probes.isEmpty() ? null : oldest;
    }

    /** Returns the longest time since a connection was last verified; {@code null} if one never was. */
    @Nullable
    Duration sinceLast() {
        Long verified = verifiedAt;
        return verified == null ? null : Duration.ofNanos(System.nanoTime() - verified);
    }
}
