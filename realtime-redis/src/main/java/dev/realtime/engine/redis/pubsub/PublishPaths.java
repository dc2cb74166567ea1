package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;

/**
 * Command connections of the engine, as far as subscriptions use and inform them. As a {@link PublishPath}, the one
 * that publications take.
 */
public interface PublishPaths extends PublishPath {

    /**
     * Returns the path through one primary. In plain mode publications leave from the owner of their slot, and reach
     * this node only if that server's link to the one that this node is subscribed at works.
     *
     * @param server key of the primary
     */
    PublishPath through(String server);

    /** Notes the topology that was read; it may be the same as before. Called by the reconciler. */
    void topologyRead(ClusterView view, boolean changed);

    /** Publishes by another path than the present one, if there is one, as nothing that was published comes back. */
    void avoidPresentPath();
}
