package dev.realtime.node;

import dev.realtime.api.client.Disconnect;
import dev.realtime.command.ClientActions;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientConnections;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Sends the clients of a node elsewhere, with 3001, slice by slice: ten slices in a second, of equal size, so that the
 * nodes they go to are not asked for everything at the same time. A slice has at least {@value #SMALLEST_SLICE}
 * clients: few clients are disconnected immediately, and more clients over a longer time, up to the spread.
 *
 * <p>A client whose command is in progress is closed after its reply. When the time is up, the clients that are left
 * are closed immediately.
 */
final class ClientDrain {

    static final int SMALLEST_SLICE = 20;

    static final Duration SLICE_INTERVAL = Duration.ofMillis(100);

    private static final Logger logger = LoggerFactory.getLogger(ClientDrain.class);

    private final ClientConnections clients;

    private final ClientActions actions;

    private final Scheduler scheduler;

    private final Duration spread;

    private final Duration timeout;

    ClientDrain(ClientConnections clients, ClientActions actions, Scheduler scheduler, NodeOptions options) {
        this.clients = clients;
        this.actions = actions;
        this.scheduler = scheduler;
        this.spread = options.shutdownSpread();
        this.timeout = options.shutdownTimeout();
    }

    /** Begins when subscribed; completes when no client is left, at the latest when the time is up. Never fails. */
    Mono<Void> run() {
        return Mono.defer(() -> {
            Queue<ClientConnection> waiting = new ArrayDeque<>();
            clients.forEach(waiting::add);
            int slice = sliceOf(waiting.size());
            return Flux.interval(Duration.ZERO, SLICE_INTERVAL, scheduler)
                    .onBackpressureDrop()
                    .doOnNext(tick -> closeSome(waiting, slice))
                    .takeUntil(tick -> clients.count() == 0)
                    .then()
                    .timeout(timeout, scheduler)
                    .onErrorResume(late -> closeTheRest());
        });
    }

    private int sliceOf(int connections) {
        long slices = Math.max(1, spread.dividedBy(SLICE_INTERVAL));
        return (int) Math.max(SMALLEST_SLICE, (connections + slices - 1) / slices);
    }

    private void closeSome(Queue<ClientConnection> waiting, int count) {
        for (int i = 0; i < count && !waiting.isEmpty(); i++) {
            actions.disconnectInTurn(waiting.remove(), Disconnect.SHUTDOWN);
        }
    }

    private Mono<Void> closeTheRest() {
        return Mono.fromRunnable(() -> {
            logger.warn(
                    "{} connections were still open after {} and are closed immediately. If they were too many"
                            + " for that time, raise"
                            + " `realtime.shutdown.timeout` or lower `realtime.shutdown.spread`.",
                    clients.count(),
                    timeout);
            clients.forEach(client -> actions.disconnect(client, Disconnect.SHUTDOWN));
        });
    }
}
