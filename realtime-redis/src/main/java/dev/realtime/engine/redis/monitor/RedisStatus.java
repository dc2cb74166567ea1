package dev.realtime.engine.redis.monitor;

import dev.realtime.engine.redis.options.RedisTopology;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current state of the connection to Redis, as this node sees it.
 *
 * @param working whether what is published now would arrive: Redis replies, all slots are covered, every wanted name is
 *     confirmed, and the last probe came back in time
 * @param problem why not, for people; {@code null} when working
 * @param topology kind of Redis
 * @param sharded whether sharded pub/sub is in use
 * @param prefix of all names
 * @param layoutVersion of the names and what is kept under them
 * @param partitions channels are spread over
 * @param primaries in use; empty when none is known
 * @param slotsCovered hash slots that have an owner, 16384 in a whole cluster and without one
 * @param wantedSubscriptions names this node wants to receive
 * @param confirmedSubscriptions names that the present owner confirmed
 * @param lastProbe time since a probe last came back; {@code null} if none ever did
 * @param generationWatched whether the generation of Redis can be read, so that a rollback is noticed immediately
 */
public record RedisStatus(
        boolean working,
        @Nullable String problem,
        RedisTopology topology,
        boolean sharded,
        String prefix,
        int layoutVersion,
        int partitions,
        List<Primary> primaries,
        int slotsCovered,
        int wantedSubscriptions,
        int confirmedSubscriptions,
        @Nullable Duration lastProbe,
        boolean generationWatched) {

    /** The same, but not working, for this reason. */
    public RedisStatus withProblem(String reason) {
        return new RedisStatus(
                false,
                reason,
                topology,
                sharded,
                prefix,
                layoutVersion,
                partitions,
                primaries,
                slotsCovered,
                wantedSubscriptions,
                confirmedSubscriptions,
                lastProbe,
                generationWatched);
    }

    /**
     * A server that takes writes.
     *
     * @param address host and port, never credentials
     * @param slots hash slots it owns, 16384 without a cluster
     */
    public record Primary(String address, int slots) {}
}
