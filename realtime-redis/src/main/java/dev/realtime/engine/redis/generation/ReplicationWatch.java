package dev.realtime.engine.redis.generation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners for the replication state of the primaries. It is read with the ping of one command connection to each
 * primary, so it costs no round trip of its own. Listeners may be added by any thread; all else belongs to the
 * reconciler.
 */
public final class ReplicationWatch {

    private static final Logger logger = LoggerFactory.getLogger(ReplicationWatch.class);

    private final List<ReplicationInfo.Listener> listeners = new CopyOnWriteArrayList<>();

    public void add(ReplicationInfo.Listener listener) {
        listeners.add(listener);
    }

    /** Receives the reply of a primary to {@code INFO}. */
    public void answered(String server, @Nullable String runId, String replication) {
        ReplicationInfo info = ReplicationInfo.of(server, runId, replication);
        if (info != null) {
            each(listener -> listener.onReplication(info));
        }
    }

    /** Reports a server that is no primary any more. */
    public void left(String server) {
        each(listener -> listener.onServerLeft(server));
    }

    private void each(Consumer<ReplicationInfo.Listener> call) {
        for (ReplicationInfo.Listener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error failed) {
                logger.error("A listener for replication changes of Redis failed", failed);
            }
        }
    }
}
