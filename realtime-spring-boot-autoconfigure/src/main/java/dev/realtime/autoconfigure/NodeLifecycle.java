package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * Lifecycle of the node, which runs as long as the web server does. It starts before the web server, which would
 * otherwise accept clients a moment too early, and after beans of lower phases, such as connection factories (phase 0).
 *
 * <p>Beans stop in the opposite order: when the web server has finished the requests in progress, the engine stops. For
 * clients that would be too late, because the web server would close their connections without a code:
 * {@link NodeShutdown} disconnects them earlier.
 */
final class NodeLifecycle implements SmartLifecycle {

    /** Spring Boot starts the web server at {@code DEFAULT_PHASE - 2048}. */
    static final int PHASE = DEFAULT_PHASE - 3072;

    private static final Logger logger = LoggerFactory.getLogger(NodeLifecycle.class);

    private final RealtimeNode node;

    private volatile boolean stopped;

    /** Held here as long as the node. */
    @SuppressWarnings("unused")
    private @Nullable Object checkpoints;

    NodeLifecycle(RealtimeNode node) {
        this.node = node;
    }

    /** @throws IllegalStateException if the context was stopped before, which a node does not survive */
    @Override
    public void start() {
        if (stopped) {
            throw new IllegalStateException("The realtime node was stopped with its application context, and cannot be"
                    + " started again: its clients were disconnected and its engine is closed. Close the context and"
                    + " start a new application, instead of `stop()` and `start()` or a checkpoint of a running one.");
        }
        node.start().block();
        checkpoints = Checkpoints.refuseWhileRunning(node);
    }

    @Override
    public void stop() {
        end().block();
    }

    @Override
    public void stop(Runnable callback) {
        end().doFinally(signal -> callback.run()).subscribe();
    }

    /** Completes in any case: the application must be able to continue its shutdown. */
    private Mono<Void> end() {
        stopped = true;
        return node.stop()
                .doOnError(failure -> logger.warn("The realtime node did not stop cleanly.", failure))
                .onErrorComplete();
    }

    @Override
    public boolean isRunning() {
        return node.isRunning();
    }

    /** Like the web server: a context that is paused keeps its clients. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
