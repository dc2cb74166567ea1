package dev.realtime.engine.redis.generation;

import dev.realtime.engine.redis.driver.ServerInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Position of the history of a primary, as replication.lua read it.
 *
 * @param generation beginning of {@code master_replid}, as in epochs
 * @param former the same of {@code master_replid2}; empty if there is none
 * @param formerEnd {@code second_repl_offset}: first offset of the former that this server did not take from it
 * @param offset {@code master_repl_offset}; negative where nothing counts it, because no replica was ever here
 * @param replicas that are connected, without those in their first synchronization if there are others
 * @param replicated offset that all of them have; {@link Long#MAX_VALUE} without replicas
 * @param runId identity of the process
 */
public record ReplicationState(
        String generation, String former, long formerEnd, long offset, int replicas, long replicated, String runId) {

    /** Returns {@code null} if the server is no primary or left something out. */
    public static @Nullable ReplicationState of(String replication, String server) {
        String id = ServerInfo.field(replication, "master_replid");
        String formerId = ServerInfo.field(replication, "master_replid2");
        String runId = ServerInfo.field(server, "run_id");
        long offset = number(ServerInfo.field(replication, "master_repl_offset"));
        if (id == null || id.length() < Generation.ID_LENGTH || ServerInfo.isReplica(replication) || offset < 0) {
            return null;
        }
        boolean counted = "1".equals(ServerInfo.field(replication, "repl_backlog_active"));
        long formerEnd = number(ServerInfo.field(replication, "second_repl_offset"));
        boolean continues = formerId != null && formerEnd >= 0 && !formerId.startsWith(Generation.UNKNOWN);
        List<String> replicas = replicas(replication);
        return new ReplicationState(
                id.substring(0, Generation.ID_LENGTH),
                continues ? formerId.substring(0, Generation.ID_LENGTH) : "",
                continues ? formerEnd : -1,
                counted ? offset : -1,
                replicas.size(),
                replicas.stream()
                        .mapToLong(ReplicationState::replicaOffset)
                        .min()
                        .orElse(Long.MAX_VALUE),
                runId == null ? "" : runId);
    }

    /**
     * Returns the lines of the replicas. One in its first synchronization has nothing yet that could be promoted; where
     * no other is connected it may be one that had everything and comes back.
     */
    private static List<String> replicas(String replication) {
        List<String> all = new ArrayList<>();
        for (String replica = ServerInfo.field(replication, "slave0");
                replica != null;
                replica = ServerInfo.field(replication, "slave" + all.size())) {
            all.add(replica);
        }
        List<String> online =
                all.stream().filter(replica -> replica.contains("state=online")).toList();
        return online.isEmpty() ? all : online;
    }

    /** Returns the offset of a line such as {@code ip=10.0.0.7,port=6379,state=online,offset=1234,lag=0}. */
    private static long replicaOffset(String replica) {
        for (String part : replica.split(",")) {
            if (part.startsWith("offset=")) {
                return number(part.substring("offset=".length()));
            }
        }
        return -1;
    }

    private static long number(@Nullable String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException garbage) {
            return -1;
        }
    }
}
