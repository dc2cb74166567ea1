package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Health of the pub/sub connections: whether probes come back through each, and why messages do not arrive if they do
 * not. Belongs to the reconciler, but for {@link #problem} and {@link #sinceLastProbe}.
 */
final class PubSubHealth {

    private final RedisEngineOptions options;

    private final PublishPaths paths;

    private final PartitionAssignment assignment;

    private final Runnable probeLost;

    private final DeliveryProbes probes;

    /** Reason why messages do not arrive at present. Written by the reconciler. */
    private volatile @Nullable String problem = "Redis has not been reached yet";

    /** Whether one connection to any node of a cluster receives what is published through all primaries. */
    private boolean plainCluster;

    /**
     * @param node makes the names of probes this node's own
     * @param probeLost called when a probe did not come back
     */
    PubSubHealth(
            RedisEngineOptions options,
            PublishPaths paths,
            PartitionAssignment assignment,
            Partitions tags,
            String node,
            Runnable probeLost) {
        this.options = options;
        this.paths = paths;
        this.assignment = assignment;
        this.probeLost = probeLost;
        this.probes = new DeliveryProbes(this::path, options.probeInterval(), options.prefix(), node, tags);
    }

    /** Notes how this node subscribes; called once, before anything else. */
    void begin(boolean plainCluster) {
        this.plainCluster = plainCluster;
    }

    private PublishPath path(String server) {
        return plainCluster ? paths.through(server) : paths;
    }

    /** Returns why messages do not arrive; {@code null} if they do. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * Returns the time since a probe last came back, through the connection where that is longest ago; {@code null} if
     * there is one through which none did.
     */
    @Nullable
    Duration sinceLastProbe() {
        return probes.sinceLast();
    }

    /** Notes that a connection to a server is not used any more. */
    void left(String server) {
        if (!plainCluster) {
            probes.remove(server, System.nanoTime());
        }
    }

    /** Sends the probes that are due, and closes connections through which one did not come back. */
    void probe(PubSubPool pool, ClusterView view, long now) {
        if (plainCluster) {
            List<String> servers = view.primaries().stream()
                    .filter(primary -> !primary.failed())
                    .map(ClusterView.Primary::key)
                    .toList();
            PubSubConnection only = pool.connectionFor(null);
            probes.keepOnly(servers, now);
            servers.forEach(server -> probe(server, only, now));
        } else {
            pool.forEach((server, target) -> probe(server, target.connection(), now));
        }
        probes.measure(now);
    }

    private void probe(String server, @Nullable PubSubConnection connection, long now) {
        if (probes.tick(server, connection, used -> assignment.ownedBy(connection, used), now) && connection != null) {
            paths.avoidPresentPath();
            probeLost.run();
            connection.close("a probe did not come back within %d ms"
                    .formatted(options.probeInterval().toMillis()));
        }
    }

    /** Determines why messages do not arrive, if they do not. */
    void judge(PubSubPool pool, ClusterView view) {
        int unserved = ClusterView.SOLE.slots() - view.slotsCovered();
        Duration sinceProbe = probes.sinceLast();
        Duration patience = options.probeInterval().multipliedBy(2).plus(options.pingTimeout());
        String found = pool.problem();
        if (found == null && unserved > 0) {
            found = unserved + " slots of the cluster are not served" + failedPrimaries(view);
        }
        if (found == null && sinceProbe == null) {
            found = "No probe came back yet";
        }
        if (found == null && sinceProbe.compareTo(patience) > 0) {
            found = "Probes do not come back";
        }
        problem = found;
    }

    private static String failedPrimaries(ClusterView view) {
        String failed = view.primaries().stream()
                .filter(ClusterView.Primary::failed)
                .map(ClusterView.Primary::address)
                .collect(Collectors.joining(", "));
        return (failed.isEmpty() ? "" : ", as " + failed + " failed and no replica took over yet")
                + ". With `cluster-require-full-coverage` the cluster refuses commands for all other slots, too";
    }
}
