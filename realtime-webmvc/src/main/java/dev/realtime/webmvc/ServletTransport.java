package dev.realtime.webmvc;

import dev.realtime.api.client.Disconnect;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.NativePing;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WebSocket on a servlet container. What the container signals, on any of its threads, continues as a task of the
 * executor that owns the connection.
 *
 * <p>It is open until the node closes it, the client sends a close frame or breaks a rule, or the socket ends. From
 * then on it is closing, and the socket is closed within {@link #CLOSE_TIMEOUT}. The close frame follows what is
 * queued. The listener is notified when the socket has ended, or immediately if the node does not know yet that the
 * connection is over.
 *
 * <p>A task that fails ends its own connection only.
 */
final class ServletTransport implements Transport, FailureOwner {

    /** Time the client may take to reply to a close frame, and a full socket to accept one. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(ServletTransport.class);

    private final EventExecutor executor;

    private final WireForm wireForm;

    private final TransportDescription description;

    private final WebSocketOptions options;

    private final Function<Transport, TransportListener> node;

    private final Set<ServletTransport> open;

    private final FrameQueue queue = new FrameQueue();

    private final @Nullable NativePing nativePing;

    /** Null until the container has switched over. */
    private @Nullable ClientSocket socket;

    /** Null until the node has a listener, and for good if it failed to give one. */
    private @Nullable TransportListener listener;

    private boolean paused;

    /** Messages are dropped, and nothing is added to the queue. */
    private boolean closing;

    /** What follows the queue: null while the connection is open, and after it was sent. */
    private @Nullable Runnable closeFrame;

    /** The listener has had its last call. */
    private boolean notified;

    /** Ends a connection that does not finish the closing handshake. */
    private @Nullable Future<?> closeTimer;

    /** @param open set of all connections, which has this one from its begin to its end */
    ServletTransport(
            EventExecutor executor,
            WireForm wireForm,
            TransportDescription description,
            WebSocketOptions options,
            Function<Transport, TransportListener> node,
            Set<ServletTransport> open) {
        this.executor = executor;
        this.wireForm = wireForm;
        this.description = description;
        this.options = options;
        this.node = node;
        this.open = open;
        this.nativePing = NativePing.isNeeded(wireForm, description, options)
                ? new NativePing(
                        executor, options.pingInterval(), options.pongTimeout(), this::ping, this::noPong, this)
                : null;
    }

    /** Begins with the socket of a connection that was switched over; called by any thread. */
    void begin(ClientSocket socket) {
        if (!execute(() -> start(socket))) {
            socket.disconnect();
        }
    }

    private void start(ClientSocket socket) {
        this.socket = socket;
        open.add(this);
        try {
            listener = node.apply(this);
        } catch (Throwable failure) {
            fail(failure);
        }
        if (nativePing != null && !closing) {
            nativePing.start();
        }
        socket.requestMessages();
    }

    WebSocketOptions options() {
        return options;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public WireForm wireForm() {
        return wireForm;
    }

    @Override
    public TransportDescription describe() {
        return description;
    }

    @Override
    public void write(ByteBuf frame) {
        if (closing) {
            frame.release();
        } else {
            queue.add(socket == null ? frame : socket.prepare(frame));
        }
    }

    @Override
    public void flush() {
        drain();
    }

    @Override
    public long queuedBytes() {
        return queue.bytes() + (socket == null ? 0 : socket.heldBytes());
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        queue.forEach(action);
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        if (socket != null) {
            socket.requestMessages();
        }
    }

    @Override
    public void close(Disconnect disconnect) {
        if (closing) {
            return;
        }
        if (disconnect.dropsQueue()) {
            queue.drop();
        }
        if (disconnect.code() == Disconnect.CONNECTION_CLOSED.code()) {
            abort();
        } else {
            beginClosing(disconnect.code(), disconnect.reason());
        }
    }

    @Override
    public void abort() {
        ClientSocket last = socket;
        ended();
        if (last != null) {
            last.disconnect();
        }
    }

    /** Closes the socket; called by any thread. */
    void cut() {
        execute(this::abort);
    }

    /** Sends what is queued, and then the close frame if the connection is closing. */
    void drain() {
        if (socket != null && socket.send(queue) && queue.isEmpty() && closeFrame != null) {
            Runnable last = closeFrame;
            closeFrame = null;
            last.run();
        }
    }

    /** Returns whether a message of the client may be delivered. */
    boolean wantsMessages() {
        return !paused || closing;
    }

    boolean closing() {
        return closing;
    }

    void onMessage(ByteBuf message) {
        if (closing || listener == null) {
            return;
        }
        try {
            listener.onMessage(message);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    void onPong() {
        if (nativePing != null) {
            nativePing.onPong();
        }
    }

    /**
     * Ends the connection of a client that closed it or broke a rule of RFC 6455.
     *
     * @param code of the close frame; -1 for none
     */
    void endByClient(int code) {
        if (!closing) {
            queue.drop();
            beginClosing(code, "");
        }
        notifyClosed();
    }

    /** Ends the connection of a client to which the container replies itself. */
    void endByContainer() {
        closing = true;
        closeFrame = null;
        queue.drop();
        startCloseTimer();
        notifyClosed();
    }

    /** The socket has ended. */
    void ended() {
        closing = true;
        closeFrame = null;
        socket = null;
        open.remove(this);
        if (closeTimer != null) {
            closeTimer.cancel(false);
        }
        if (nativePing != null) {
            nativePing.cancel();
        }
        try {
            queue.clear();
        } finally {
            notifyClosed();
        }
    }

    /** Runs a task on the executor; returns whether it was accepted. */
    boolean execute(Runnable task) {
        return Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, this, task));
    }

    @Override
    public void failed(Place place, Throwable failure) {
        try {
            fail(failure);
        } catch (Throwable another) {
            Boundary.caught(place, this, another);
            abort();
        }
    }

    private void fail(Throwable failure) {
        logger.error("Closing a connection with code 3004 because of an unexpected error", failure);
        try {
            close(Disconnect.SERVER_ERROR);
        } finally {
            notifyClosed();
        }
    }

    private void beginClosing(int code, String reason) {
        closing = true;
        ClientSocket last = socket;
        if (last == null) {
            return;
        }
        closeFrame = () -> last.close(code, reason);
        startCloseTimer();
        drain();
        last.requestMessages();
    }

    private void startCloseTimer() {
        if (nativePing != null) {
            nativePing.cancel();
        }
        if (closeTimer == null) {
            closeTimer = Boundary.schedule(
                    executor,
                    Boundary.ownedTask(Place.EXECUTOR_TASK, this, this::abort),
                    CLOSE_TIMEOUT.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void notifyClosed() {
        if (!notified && listener != null) {
            notified = true;
            listener.onClosed();
        }
    }

    private void ping() {
        if (socket != null) {
            socket.ping(queue);
        }
    }

    /** While reading is paused, a pong may be waiting in the socket. */
    private void noPong() {
        if (!paused) {
            close(Disconnect.NO_PONG);
            notifyClosed();
        }
    }
}
