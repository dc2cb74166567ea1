package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.springframework.util.ClassUtils;

/**
 * Refusal of checkpoints (CRaC) of a running node. Spring would stop the node before the checkpoint and start it after
 * the restore, which a node does not survive. A checkpoint on refresh comes before the node starts, and is allowed.
 */
final class Checkpoints {

    private static final boolean PRESENT = ClassUtils.isPresent("org.crac.Core", Checkpoints.class.getClassLoader());

    private Checkpoints() {}

    /**
     * Refuses checkpoints while the node runs. Must be called after Spring registered its own resource, which stops the
     * beans: the resource that is registered last is notified first.
     *
     * @return object that must be kept, because CRaC references it weakly
     */
    static Object refuseWhileRunning(RealtimeNode node) {
        return PRESENT ? Refusal.registered(node) : node;
    }

    /** Keeps the types of CRaC from being loaded where they are missing. */
    record Refusal(RealtimeNode node) implements Resource {

        private static Refusal registered(RealtimeNode node) {
            Refusal refusal = new Refusal(node);
            Core.getGlobalContext().register(refusal);
            return refusal;
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
            if (node.isRunning()) {
                throw new CheckpointException("A checkpoint of a running realtime node is refused: its clients would be"
                        + " sent away, and it could not be started again. Take the checkpoint on refresh, with"
                        + " -Dspring.context.checkpoint=onRefresh.");
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            // Nothing was stopped.
        }
    }
}
