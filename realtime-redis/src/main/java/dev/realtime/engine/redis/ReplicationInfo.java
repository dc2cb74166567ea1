package dev.realtime.engine.redis;

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
 * @param replicas {@code connected_slaves}, how many replicas it feeds
 */
record ReplicationInfo(
        String server,
        String runId,
        String role,
        String id,
        String formerId,
        long formerEnd,
        long offset,
        int replicas) {

    ReplicationInfo(String server, String runId, String role, String id, String formerId, long formerEnd, long offset) {
        this(server, runId, role, id, formerId, formerEnd, offset, 0);
    }

    /** Listener for the replies of primaries. Called by the reconciler; must return quickly and not block. */
    interface Listener {

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
        Long replicas = number(replication, "connected_slaves");
        return runId == null || role == null || id == null || formerId == null || formerEnd == null || offset == null
                ? null
                : new ReplicationInfo(
                        key, runId, role, id, formerId, formerEnd, offset, replicas == null ? 0 : replicas.intValue());
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
