package dev.realtime.webflux;

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
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * WebSocket through Spring's session, for servers without Netty channels. Every signal of the session, on any thread,
 * continues as a task of the executor that owns the connection.
 *
 * <p>Messages of the client are requested one at a time, so that a paused connection stops reading where the server
 * supports it (Tomcat and Jetty do).
 *
 * <p>A task that fails ends its own session only.
 */
final class SessionTransport implements Transport, FailureOwner {

    private static final Logger logger = LoggerFactory.getLogger(SessionTransport.class);

    private static final byte[] PING = {'p'};

    private final WebSocketSession session;

    private final EventExecutor executor;

    private final Scheduler closers;

    private final WireForm wireForm;

    private final TransportDescription description;

    private final int messageSizeLimit;

    private final SessionQueue queue;

    private final Inbound inbound = new Inbound();

    private final Sinks.Empty<Void> ended = Sinks.empty();

    private final @Nullable NativePing nativePing;

    /** Null until the node has a listener, and for good if it failed to give one. */
    private @Nullable TransportListener listener;

    private boolean paused;

    /** Messages are dropped, and the stream of frames ends with what is queued. */
    private boolean closing;

    /** To be sent when all frames are out; null while the connection is open. */
    private @Nullable CloseStatus closeStatus;

    /** The listener has had its last call. */
    private boolean notified;

    /** Ends a session that does not finish the closing handshake. */
    private @Nullable Future<?> closeTimer;

    private SessionTransport(
            WebSocketSession session,
            EventExecutor executor,
            Scheduler closers,
            WireForm wireForm,
            TransportDescription description,
            WebSocketOptions options) {
        this.session = session;
        this.executor = executor;
        this.closers = closers;
        this.wireForm = wireForm;
        this.description = description;
        this.messageSizeLimit = options.messageSizeLimit();
        this.queue = new SessionQueue(executor, session.bufferFactory(), () -> execute(this::end), this);
        boolean ping = NativePing.isNeeded(wireForm, description, options);
        this.nativePing = ping
                ? new NativePing(
                        executor, options.pingInterval(), options.pongTimeout(), this::ping, this::noPong, this)
                : null;
    }

    /**
     * Serves the session until its end, when what is returned completes.
     *
     * @param closers closes sessions, and completes what is returned: Spring closes the session then, and a servlet
     *     container blocks the caller until the close frame is written, which takes up to 20 seconds in Tomcat if the
     *     client reads nothing or is gone
     */
    static Mono<Void> serve(
            WebSocketSession session,
            EventExecutor executor,
            Scheduler closers,
            WireForm wireForm,
            TransportDescription description,
            WebSocketOptions options,
            Function<Transport, TransportListener> node) {
        SessionTransport transport = new SessionTransport(session, executor, closers, wireForm, description, options);
        // Not in the task: Reactor Netty joins fragments only from this call on.
        Flux<WebSocketMessage> messages = session.receive();
        transport.execute(() -> transport.start(node, messages));
        return transport.ended.asMono().publishOn(closers);
    }

    private void start(Function<Transport, TransportListener> node, Flux<WebSocketMessage> messages) {
        try {
            listener = node.apply(this);
        } catch (Throwable failure) {
            fail(failure);
        }
        session.send(queue).subscribe(nothing -> {}, failure -> execute(this::end), () -> execute(this::onSent));
        messages.subscribe(inbound);
        if (nativePing != null) {
            nativePing.start();
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
        queue.add(frame);
    }

    @Override
    public void flush() {
        queue.drain();
    }

    @Override
    public long queuedBytes() {
        return queue.queuedBytes();
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        queue.forEachQueued(action);
    }

    @Override
    public void abort() {
        end();
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        inbound.requestNext();
    }

    @Override
    public void close(Disconnect disconnect) {
        if (disconnect.dropsQueue()) {
            queue.drop();
        }
        close(new CloseStatus(disconnect.code(), disconnect.reason()));
    }

    private void close(CloseStatus status) {
        if (closing) {
            return;
        }
        closing = true;
        closeStatus = status;
        if (nativePing != null) {
            nativePing.cancel();
        }
        Runnable end = Boundary.ownedTask(Place.EXECUTOR_TASK, this, this::end);
        try {
            closeTimer =
                    Boundary.schedule(executor, end, NettyTransport.CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            queue.complete();
            resumeReading();
        }
    }

    /** All frames are out, or the session has cancelled. */
    private void onSent() {
        CloseStatus status = closeStatus;
        if (status == null) {
            end();
            return;
        }
        // Reactor Netty leaks the frame when the socket has ended before.
        Mono.defer(() -> session.isOpen() ? session.close(status) : Mono.empty())
                .subscribeOn(closers)
                .subscribe(nothing -> {}, failure -> execute(this::end));
    }

    private void onMessage(WebSocketMessage message) {
        switch (message.getType()) {
            case TEXT, BINARY -> deliver(message.getPayload());
            case PONG -> {
                if (nativePing != null) {
                    nativePing.onPong();
                }
            }
            case PING -> {} // The server replies.
        }
    }

    private void deliver(DataBuffer payload) {
        if (closing || listener == null) {
            return;
        }
        if (payload.readableByteCount() > messageSizeLimit) {
            close(CloseStatus.TOO_BIG_TO_PROCESS);
            notifyClosed();
            return;
        }
        byte[] bytes = new byte[payload.readableByteCount()];
        payload.read(bytes);
        try {
            listener.onMessage(Unpooled.wrappedBuffer(bytes));
        } catch (Throwable failure) {
            fail(failure);
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

    @Override
    public void failed(Place place, Throwable failure) {
        try {
            fail(failure);
        } catch (Throwable another) {
            Boundary.caught(place, this, another);
            end();
        }
    }

    private void end() {
        closing = true;
        if (closeTimer != null) {
            closeTimer.cancel(false);
        }
        if (nativePing != null) {
            nativePing.cancel();
        }
        try {
            queue.end();
            notifyClosed();
        } finally {
            ended.tryEmitEmpty();
        }
    }

    private boolean execute(Runnable task) {
        return Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, this, task));
    }

    private void notifyClosed() {
        if (!notified && listener != null) {
            notified = true;
            listener.onClosed();
        }
    }

    private void ping() {
        queue.ping(session.pingMessage(factory -> factory.wrap(PING)));
    }

    private void noPong() {
        if (!paused) {
            close(Disconnect.NO_PONG);
            notifyClosed();
        }
    }

    private final class Inbound extends BaseSubscriber<WebSocketMessage> {

        /** Whether a message was requested that has not arrived. */
        private boolean requested;

        void requestNext() {
            // Nothing can be requested before there is a subscription, which requests the first message.
            if (!requested && upstream() != null) {
                requested = true;
                request(1);
            }
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Also while paused: a session without any request would not know that it has to stop reading.
            execute(this::requestNext);
        }

        @Override
        protected void hookOnNext(WebSocketMessage message) {
            message.retain();
            boolean accepted = execute(() -> {
                requested = false;
                try {
                    onMessage(message);
                } finally {
                    message.release();
                }
                if (!paused || closing) {
                    requestNext();
                }
            });
            if (!accepted) {
                message.release();
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            execute(SessionTransport.this::end);
        }

        @Override
        protected void hookOnComplete() {
            execute(SessionTransport.this::end);
        }
    }
}
