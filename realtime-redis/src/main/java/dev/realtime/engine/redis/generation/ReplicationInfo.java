package dev.realtime.engine.redis.generation;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.ServerInfo;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replication state of one primary, as it answered {@code INFO}.
 *
 * @param server {@link ClusterView.Primary#key()} of the primary; that of {@link ClusterView#SOLE} without a cluster
 * @param runId {@code run_id}, identity of the running process
 * @param role {@code master} or {@code slave}
 * @param id {@code master_replid}, the generation that the server writes now
 * @param formerId {@code master_replid2}, the generation that it continues; zeros if there is none
 * @param formerEnd {@code second_repl_offset}, the first offset for which {@code formerId} is not valid; -1 if there is
 *     none
 * @param offset {@code master_repl_offset}
 * @param replicas how many replicas it feeds that have its whole data: those in the state {@code online}, which
 *     {@code WAIT} counts, and not those that are still in their first synchronization
 */
public record ReplicationInfo(
        String server,
        String runId,
        String role,
        String id,
        String formerId,
        long formerEnd,
        long offset,
        int replicas) {

    private static final Pattern REPLICA = Pattern.compile("(?m)^slave\\d+:.*\\bstate=online\\b");

    public ReplicationInfo(
            String server, String runId, String role, String id, String formerId, long formerEnd, long offset) {
        this(server, runId, role, id, formerId, formerEnd, offset, 0);
    }

    /** Listener for the replies of primaries. Called by the reconciler; must return quickly and not block. */
    public interface Listener {

        /** Is called when a primary answered: about once in a ping interval, and soon after a new connection. */
        void onReplication(ReplicationInfo info);

        /** Is called when a primary left the cluster or owns no slots any more. */
        void onServerLeft(String server);
    }

    /**
     * Reads it from the sections {@code server} and {@code replication}.
     *
     * @return {@code null} if the server did not say all of it
     */
    static @Nullable ReplicationInfo of(String key, @Nullable String runId, String replication) {
        String role = ServerInfo.field(replication, "role");
        String id = ServerInfo.field(replication, "master_replid");
        String formerId = ServerInfo.field(replication, "master_replid2");
        Long formerEnd = number(replication, "second_repl_offset");
        Long offset = number(replication, "master_repl_offset");
        return runId == null || role == null || id == null || formerId == null || formerEnd == null || offset == null
                ? null
                : new ReplicationInfo(key, runId, role, id, formerId, formerEnd, offset, onlineReplicas(replication));
    }

    /** Returns how many lines say {@code slave0:ip=10.0.0.7,port=6379,state=online,offset=1234,lag=0}. */
    private static int onlineReplicas(String replication) {
        return (int) REPLICA.matcher(replication).results().count();
    }

    private static @Nullable Long number(String info, String field) {
        try {
            String value = ServerInfo.field(info, field);
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException garbage) {
            return null;
        }
    }
}
