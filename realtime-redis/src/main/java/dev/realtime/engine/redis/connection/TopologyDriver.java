package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.TopologyWatch;
import dev.realtime.engine.redis.pubsub.PubSubDialer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connections and checks that depend on the topology. Belongs to the reconciler. */
interface TopologyDriver {

    CommandConnections commands();

    PubSubDialer dialer();

    /** Reads the owner of each slot; fails if that is not possible now. */
    CompletionStage<ClusterView> readView();

    /** Returns whether sharded pub/sub is used where no mode is configured and no node has noted one. */
    CompletionStage<Boolean> prefersSharded(ClusterView view);

    /** Creates the watch over the owners of slots; {@code null} if there is one server. */
    @Nullable
    TopologyWatch watch();

    /** Has the next tick search for the primary. May be called by any thread. */
    void recheckPrimary();

    /** Checks where the primary is, when that is due. */
    void tick(long now);

    /** Releases the threads of this driver, after its connections were closed. */
    void release();
}
