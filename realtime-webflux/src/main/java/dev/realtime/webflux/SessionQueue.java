package dev.realtime.webflux;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * Queue of frames for a session's {@code send}, as the publisher it subscribes to. Confined to the executor of the
 * connection, except for demand and releases, which come from any thread.
 *
 * <p>Bytes are counted until the session has sent them, as far as it shows that. A session on Netty requests 128
 * messages together and signals nothing more, but releases the buffer of each one it has sent. Servlet containers
 * request the next message when they start to send the last one. No session holds more than {@link #HANDED_OVER_BYTES},
 * so that frames that are dropped for a slow client are still here.
 */
final class SessionQueue implements Publisher<WebSocketMessage>, Subscription {

    private static final int HANDED_OVER_BYTES = 65_536;

    private final EventExecutor executor;

    private final DataBufferFactory bufferFactory;

    private final Runnable onBroken;

    private final FailureOwner owner;

    private final Queue<ByteBuf> frames = new ArrayDeque<>();

    private final AtomicLong queuedBytes = new AtomicLong();

    private final AtomicLong handedOverBytes = new AtomicLong();

    private @Nullable Subscriber<? super WebSocketMessage> subscriber;

    private long demand;

    /** Whether nothing is added any more and the end follows the last frame. */
    private boolean completing;

    private boolean done;

    /**
     * @param onBroken called when the session fails to take a message; at any point of a call
     * @param owner ends when a task of this queue fails
     */
    SessionQueue(EventExecutor executor, DataBufferFactory bufferFactory, Runnable onBroken, FailureOwner owner) {
        this.executor = executor;
        this.bufferFactory = bufferFactory;
        this.onBroken = onBroken;
        this.owner = owner;
    }

    /** Adds one or more frames and takes over one reference, which is released if the queue has ended. */
    void add(ByteBuf joined) {
        if (!done && !completing) {
            queuedBytes.addAndGet(joined.readableBytes());
            WebSocketFrames.forEachFrame(joined, frame -> frames.add(frame.retain()));
        }
        joined.release();
    }

    /** Hands over as much as was requested. */
    void drain() {
        while (subscriber != null && demand > 0 && handedOverBytes.get() < HANDED_OVER_BYTES && !frames.isEmpty()) {
            handOver(message(frames.remove()), subscriber);
        }
        if (subscriber != null && !done && completing && frames.isEmpty()) {
            done = true;
            subscriber.onComplete();
        }
    }

    /**
     * Sends a ping between frames if the session requested something. Otherwise frames are being sent, which keep the
     * connection alive too.
     */
    void ping(WebSocketMessage ping) {
        if (subscriber != null && !done && demand > 0) {
            handOver(ping, subscriber);
        }
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Passes each frame that has not been handed over to a callback. */
    void forEachQueued(Consumer<ByteBuf> action) {
        frames.forEach(action);
    }

    /** Completes the stream after what is queued. */
    void complete() {
        completing = true;
        drain();
    }

    /** Releases what has not been handed over. */
    void drop() {
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            queuedBytes.addAndGet(-frame.readableBytes());
            frame.release();
        }
    }

    /** Ends the stream from this side. */
    void end() {
        done = true;
        drop();
    }

    @Override
    public void subscribe(Subscriber<? super WebSocketMessage> subscriber) {
        execute(() -> {
            this.subscriber = subscriber;
            subscriber.onSubscribe(this);
            drain();
        });
    }

    @Override
    public void request(long count) {
        execute(() -> {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            drain();
        });
    }

    @Override
    public void cancel() {
        execute(this::end);
    }

    private void execute(Runnable task) {
        Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, owner, task));
    }

    private void handOver(WebSocketMessage message, Subscriber<? super WebSocketMessage> subscriber) {
        demand--;
        try {
            subscriber.onNext(message);
        } catch (Throwable failure) {
            // Servlet containers throw when the socket was closed meanwhile, although Reactive Streams forbid it.
            end();
            onBroken.run();
        }
    }

    private WebSocketMessage message(ByteBuf frame) {
        boolean text = (frame.getByte(frame.readerIndex()) & 0x0F) == 1;
        return new WebSocketMessage(text ? WebSocketMessage.Type.TEXT : WebSocketMessage.Type.BINARY, payload(frame));
    }

    /** Returns the message in a frame, whose reference is taken over whatever happens. */
    private DataBuffer payload(ByteBuf frame) {
        int size = frame.readableBytes();
        int header = WebSocketFrames.headerLength(frame);
        if (bufferFactory instanceof NettyDataBufferFactory netty) {
            Handed handed;
            try {
                handed = new Handed(frame.slice(frame.readerIndex() + header, size - header), size);
            } catch (Throwable failure) {
                queuedBytes.addAndGet(-size);
                frame.release();
                throw failure;
            }
            handedOverBytes.addAndGet(size);
            return netty.wrap(handed);
        }
        try {
            byte[] bytes = new byte[size - header];
            frame.getBytes(frame.readerIndex() + header, bytes);
            return bufferFactory.wrap(bytes);
        } finally {
            queuedBytes.addAndGet(-size);
            frame.release();
        }
    }

    /** Message that a session on Netty holds; its release shows that it was sent or dropped. */
    private final class Handed extends CompositeByteBuf {

        private final int size;

        Handed(ByteBuf payload, int size) {
            super(payload.alloc(), true, 1);
            this.size = size;
            addComponent(true, payload);
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            queuedBytes.addAndGet(-size);
            handedOverBytes.addAndGet(-size);
            execute(SessionQueue.this::drain);
        }
    }
}
