package dev.realtime.web.stream;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP response that carries what the node sends to one client. What the client sends arrives with the request, and in
 * requests of its own; nothing more is read from here.
 *
 * <p>It is open until the node closes it or the client is gone. The node closes it with a disconnect push, after which
 * the response ends; a client that does not read it loses its connection within {@link #CLOSE_TIMEOUT}.
 *
 * <p>A connect can be decided before the response begins ({@link Opening}): then the first frame begins it, and a
 * disconnect before may become a status instead.
 */
public final class StreamTransport implements Transport, FailureOwner {

    /** Time that the end of the response may take. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(StreamTransport.class);

    /** Decision about the response, made once. */
    public interface Opening {

        /** Begins the response. */
        void open();

        /** Replaces the response by a status, because the connect was refused. */
        void refuse(int status);
    }

    private final EventExecutor executor;

    private final WireForm wireForm;

    private final TransportDescription description;

    private final ConnectCodeResponses responses;

    private final StreamOutput output;

    private TransportListener listener = NoListener.INSTANCE;

    /** Null when the decision has been made. */
    private @Nullable Opening opening;

    /** Error of a connect that has failed; {@code null} without one. */
    private @Nullable ClientError connectError;

    /** Whether nothing is written for the node any more. */
    private boolean closing;

    /** Whether the listener has had its last call. */
    private boolean notified;

    /** Timer that cuts off a client that does not read to the end. */
    private @Nullable Future<?> closeTimer;

    /**
     * @param output maker of the output, which gets this transport
     * @param opening decision to wait for; {@code null} if the response has begun
     */
    public StreamTransport(
            EventExecutor executor,
            StreamClient client,
            Function<StreamTransport, StreamOutput> output,
            @Nullable Opening opening) {
        this.executor = executor;
        this.wireForm = client.form();
        this.description = client.description();
        this.responses = client.options().responses();
        this.opening = opening;
        StreamOutput plain = output.apply(this);
        // Clients with an SDK know their positions; EventSource needs ids.
        this.output = client.kind() == StreamKind.UNI_SSE ? new EventIdOutput(plain, this::positions) : plain;
    }

    /**
     * Gives the connection to the node, on the executor, with what the client sent in its request. May be called by any
     * thread.
     *
     * @param node accepts clients
     * @param client that of the constructor
     */
    public void start(Function<Transport, TransportListener> node, StreamClient client) {
        byte[] first = client.kind().firstBytes();
        byte[] input = client.input();
        if (executor.inEventLoop()) {
            start(node, first, input);
        } else {
            execute(() -> start(node, first, input));
        }
    }

    private void start(Function<Transport, TransportListener> node, byte[] first, byte[] input) {
        if (first.length > 0) {
            output.write(Unpooled.wrappedBuffer(first));
            output.flush();
        }
        try {
            listener = node.apply(this);
            if (!closing) {
                listener.onMessage(Unpooled.wrappedBuffer(input));
            }
        } catch (Throwable failure) {
            fail(failure);
        }
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
            return;
        }
        output.write(frame);
        Opening undecided = opening;
        if (undecided != null) {
            opening = null;
            undecided.open();
        }
    }

    @Override
    public void flush() {
        if (!closing) {
            output.flush();
        }
    }

    @Override
    public long queuedBytes() {
        return output.queuedBytes();
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        output.forEachQueued(action);
    }

    /** Does nothing: commands do not arrive here. */
    @Override
    public void pauseReading() {}

    /** Does nothing: commands do not arrive here. */
    @Override
    public void resumeReading() {}

    @Override
    public void connectFailed(ClientError error) {
        connectError = error;
    }

    @Override
    public void close(Disconnect disconnect) {
        if (closing) {
            return;
        }
        try {
            beginClosing();
            end(disconnect);
        } catch (Throwable failure) {
            output.cut();
            throw failure;
        }
    }

    private void end(Disconnect disconnect) {
        Opening undecided = opening;
        opening = null;
        if (disconnect.dropsQueue()) {
            output.drop();
        }
        Integer status = undecided == null ? null : responses.statusOf(disconnect, connectError);
        if (status != null) {
            output.drop();
            undecided.refuse(status);
            execute(this::ended);
            return;
        }
        if (disconnect.code() != Disconnect.CONNECTION_CLOSED.code()) {
            output.write(wireForm.disconnectFrame(disconnect, ByteBufAllocator.DEFAULT));
        }
        output.finish();
        if (undecided != null) {
            undecided.open();
        }
    }

    @Override
    public void abort() {
        beginClosing();
        output.drop();
        output.cut();
    }

    /** Notes that the response or its connection has ended. Must be called on the executor. */
    public void ended() {
        try {
            closing = true;
            opening = null;
            output.drop();
            if (closeTimer != null) {
                closeTimer.cancel(false);
            }
        } finally {
            notifyClosed();
        }
    }

    private Map<String, StreamPosition> positions() {
        return listener.recoverablePositions();
    }

    /** Ends the connection to a client that accepted nothing for too long. Must be called on the executor. */
    public void cut() {
        output.cut();
    }

    /** Notes that the response or its connection has ended. May be called by any thread. */
    public void endedElsewhere() {
        execute(this::ended);
    }

    private void execute(Runnable task) {
        Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, this, task));
    }

    private void fail(Throwable failure) {
        logger.error("Closing a connection with code 3004 because of an unexpected error", failure);
        try {
            close(Disconnect.SERVER_ERROR);
        } finally {
            notifyClosed();
        }
    }

    @Override
    public void failed(Place place, Throwable failure) {
        try {
            fail(failure);
        } catch (Throwable another) {
            Boundary.caught(place, this, another);
            ended();
        }
    }

    private void beginClosing() {
        if (closing) {
            return;
        }
        closing = true;
        Runnable cut = Boundary.ownedTask(Place.EXECUTOR_TASK, this, output::cut);
        closeTimer = Boundary.schedule(executor, cut, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void notifyClosed() {
        if (!notified) {
            notified = true;
            listener.onClosed();
        }
    }

    /** Placeholder until the node returns a listener; it stays if the node fails to. */
    private enum NoListener implements TransportListener {
        INSTANCE;

        @Override
        public void onMessage(ByteBuf frame) {}

        @Override
        public void onClosed() {}
    }
}
