package dev.realtime.connection;

import dev.realtime.engine.PresenceManager;
import dev.realtime.protocol.ClientInfo;
import dev.realtime.protocol.WireWriter;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections owned by one executor share: the timing wheel, the list of queues to flush, the buffer replies are
 * encoded in. Touched on the executor only.
 *
 * <p>Flushing: the first write of a turn queues one flush task behind everything that waits for the executor already, so
 * that all that arrives in the turn, from many sockets, the API or the engine, leaves in one flush per socket.
 */
public final class ConnectionLoop {

    private static final Logger logger = LoggerFactory.getLogger(ConnectionLoop.class);

    private final EventExecutor executor;

    private final PresenceManager presenceManager;

    private final TimerWheel wheel;

    private final WireWriter writer = new WireWriter();

    private final Runnable flushTask = this::flush;

    private List<OutboundQueue> dirty = new ArrayList<>();

    private List<OutboundQueue> flushing = new ArrayList<>();

    /** Presence entries whose time-to-live starts again after this tick. */
    private Map<String, List<ClientInfo>> present = new HashMap<>();

    public ConnectionLoop(EventExecutor executor, PresenceManager presenceManager) {
        this.executor = executor;
        this.presenceManager = presenceManager;
        this.wheel = new TimerWheel(executor, this::refreshPresence);
    }

    TimerWheel wheel() {
        return wheel;
    }

    /** Empty buffer to encode one message in; valid until the next call. */
    WireWriter writer() {
        return writer.clear();
    }

    /** Has a queue flushed at the end of the turn; called once per turn and queue. */
    void flushLater(OutboundQueue queue) {
        dirty.add(queue);
        if (dirty.size() == 1) {
            executor.execute(flushTask);
        }
    }

    private void flush() {
        List<OutboundQueue> queues = dirty;
        dirty = flushing;
        flushing = queues;
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).flush();
        }
        queues.clear();
    }

    /** Has a presence entry refreshed together with all others of this tick. */
    void presentIn(String channel, ClientInfo info) {
        present.computeIfAbsent(channel, name -> new ArrayList<>()).add(info);
    }

    private void refreshPresence() {
        if (present.isEmpty()) {
            return;
        }
        Map<String, List<ClientInfo>> batch = present;
        present = new HashMap<>();
        presenceManager
                .refresh(batch)
                .subscribe(
                        nothing -> {},
                        error -> logger.warn(
                                "Presence of {} channels could not be refreshed, clients may vanish from presence until the"
                                        + " next refresh: {}",
                                batch.size(),
                                error.toString()));
    }
}
