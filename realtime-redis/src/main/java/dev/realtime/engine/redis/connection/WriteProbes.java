package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.key.Partitions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Periodic small writes to each primary. A primary that is out of memory, has too few replicas, cannot save, or became
 * a replica, still replies to pings and forwards messages, but refuses each publish with history.
 *
 * <p>Belongs to the reconciler, but for {@link #hurry()} and {@link #problem()}.
 */
final class WriteProbes {

    /** Writes something that ends by itself. */
    interface Writer {

        CompletionStage<?> write(int partition, byte[] key);
    }

    /** Pause between attempts while writes fail, and least pause after a command was refused. */
    private static final long RETRY_NANOS = Duration.ofMillis(300).toNanos();

    /** Time that a refusal must last before it is a problem: every failover and every moved slot causes a short one. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Writer writer;

    private final Partitions partitions;

    private final String prefix;

    private final long intervalNanos;

    private final Executor executor;

    /** By key of the server. */
    private final Map<String, Probe> probes = new HashMap<>();

    private volatile boolean hurried;

    private volatile @Nullable String problem;

    /** @param prefix of names in Redis */
    WriteProbes(Writer writer, Partitions partitions, String prefix, Duration interval, Executor executor) {
        this.writer = writer;
        this.partitions = partitions;
        this.prefix = prefix;
        this.intervalNanos = interval.toNanos();
        this.executor = executor;
    }

    private static final class Probe {

        private boolean waiting;

        private long sentAt;

        private long nextAt;

        /** Since when writes fail without a success in between; 0 if they do not. */
        private long failingSince;

        private @Nullable String problem;

        Probe(long now) {
            this.nextAt = now;
        }
    }

    /** Has writes tried soon, since a command was refused. */
    void hurry() {
        hurried = true;
    }

    /** Returns why writes fail; {@code null} if they do not. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Sends what is due. */
    void tick(ClusterView view, long now) {
        boolean soon = hurried;
        hurried = false;
        Set<String> servers = new HashSet<>();
        for (ClusterView.Primary primary : view.primaries()) {
            int partition = partitionOf(view, primary);
            if (partition >= 0) {
                servers.add(primary.key());
                tick(probes.computeIfAbsent(primary.key(), key -> new Probe(now)), primary, partition, soon, now);
            }
        }
        probes.keySet().retainAll(servers);
        judge();
    }

    private int partitionOf(ClusterView view, ClusterView.Primary primary) {
        for (int partition = 0; partition <= partitions.control(); partition++) {
            if (view.owner(partitions.slot(partition)) == primary) {
                return partition;
            }
        }
        return -1;
    }

    private void tick(Probe probe, ClusterView.Primary primary, int partition, boolean soon, long now) {
        if (soon) {
            probe.nextAt = Math.min(probe.nextAt, Math.max(now, probe.sentAt + RETRY_NANOS));
        }
        if (probe.waiting || now - probe.nextAt < 0) {
            return;
        }
        probe.waiting = true;
        probe.sentAt = now;
        byte[] key = "%s:write-probe:{%s}"
                .formatted(prefix, partitions.tag(partition))
                .getBytes(StandardCharsets.UTF_8);
        CompletionStage<?> written;
        try {
            written = writer.write(partition, key);
        } catch (RuntimeException notSent) {
            ended(probe, primary, notSent);
            return;
        }
        written.whenCompleteAsync((done, failure) -> ended(probe, primary, failure), executor);
    }

    private void ended(Probe probe, ClusterView.Primary primary, @Nullable Throwable error) {
        long now = System.nanoTime();
        probe.waiting = false;
        RedisErrorKind failure = error == null ? null : RedisErrorKind.of(error);
        if (failure == null || error == null || Redirect.of(error) != null) {
            // A redirect comes with a slot that moves, and says nothing of the writes.
            probe.failingSince = 0;
            probe.problem = null;
            probe.nextAt = now + intervalNanos;
        } else {
            probe.failingSince = probe.failingSince == 0 ? now : probe.failingSince;
            probe.nextAt = now + Math.min(RETRY_NANOS, intervalNanos);
            // Whether the server can be reached is judged by its connections.
            if (!failure.isUncertain()
                    && (failure != RedisErrorKind.CONNECTING && failure != RedisErrorKind.CLUSTERDOWN
                            || now - probe.failingSince >= PATIENCE_NANOS)) {
                probe.problem = "Redis%s does not take writes: %s"
                        .formatted(
                                primary == ClusterView.SOLE ? "" : " at " + primary.address(), failure.explain(error));
            }
        }
        judge();
    }

    private void judge() {
        problem = probes.values().stream()
                .map(probe -> probe.problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
