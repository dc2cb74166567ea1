package dev.realtime.engine.redis.cluster;

import dev.realtime.engine.redis.driver.Backoff;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reader of the owners of all slots. It asks all servers that have a pub/sub connection at the same time, which needs
 * no new connection and does not depend on the driver's schedule. If none of them replies, the driver asks all nodes it
 * knows, and if none of these replies either, the configured addresses.
 *
 * <p>Belongs to the thread of its executor.
 */
public final class TopologyReader {

    /** Longest wait for the first answer. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Longest wait for more replies after the first: a frozen node must not hold up the others. */
    private static final Duration LONGEST_WAIT_FOR_OTHERS = Duration.ofMillis(100);

    private static final Duration FIRST_DELAY = Duration.ofMillis(500);

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    private long nextByDriver = System.nanoTime();

    private final RedisClusterClient client;

    private final ScheduledExecutorService executor;

    public TopologyReader(RedisClusterClient client, ScheduledExecutorService executor) {
        this.client = client;
        this.executor = executor;
    }

    /** Fails if no node can be reached. Completes on the thread of the executor. */
    public CompletionStage<ClusterView> read(Collection<? extends ClusterView.Source> connections) {
        return ask(connections)
                .thenComposeAsync(
                        answers -> {
                            ClusterView view = ClusterView.merge(answers);
                            // A node that was expelled knows of none but itself.
                            return view.primaries().isEmpty()
                                    ? readByDriver()
                                    : CompletableFuture.completedFuture(view);
                        },
                        executor);
    }

    private CompletionStage<List<Iterable<RedisClusterNode>>> ask(
            Collection<? extends ClusterView.Source> connections) {
        CompletableFuture<List<Iterable<RedisClusterNode>>> result = new CompletableFuture<>();
        List<Iterable<RedisClusterNode>> answers = new ArrayList<>();
        if (connections.isEmpty()) {
            result.complete(answers);
            return result;
        }
        int[] missing = {connections.size()};
        for (ClusterView.Source connection : connections) {
            connection
                    .clusterNodes()
                    .whenCompleteAsync(
                            (nodes, failure) -> {
                                missing[0]--;
                                if (failure == null) {
                                    answers.add(ClusterPartitionParser.parse(nodes));
                                    completeIn(LONGEST_WAIT_FOR_OTHERS, result, answers);
                                }
                                if (missing[0] == 0) {
                                    result.complete(List.copyOf(answers));
                                }
                            },
                            executor);
            connection.flush();
        }
        completeIn(PATIENCE, result, answers);
        return result;
    }

    private void completeIn(
            Duration delay,
            CompletableFuture<List<Iterable<RedisClusterNode>>> result,
            List<Iterable<RedisClusterNode>> answers) {
        executor.schedule(() -> result.complete(List.copyOf(answers)), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads it over connections that the driver opens: to nodes with known addresses, and to the seeds, whose names may
     * lead elsewhere now. Only now and then while that fails: nodes that come back are found by the pub/sub connections
     * to them, and the driver logs a warning for each node that it does not reach.
     */
    private CompletionStage<ClusterView> readByDriver() {
        long now = System.nanoTime();
        if (now - nextByDriver < 0) {
            return CompletableFuture.failedFuture(new RedisException("No node of the cluster answered"));
        }
        nextByDriver = now + backoff.next();
        return readByDriverNow().thenApply(view -> {
            backoff.reset();
            return view;
        });
    }

    private CompletionStage<ClusterView> readByDriverNow() {
        return client.refreshPartitionsAsync()
                // Known by now, so this does not block.
                .thenApply(refreshed -> {
                    ClusterView view = ClusterView.merge(List.of(client.getPartitions()));
                    if (view.primaries().isEmpty()) {
                        throw new RedisException("No node owns any slot");
                    }
                    return view;
                });
    }
}
