package dev.realtime.webflux;

import dev.realtime.transport.WebSocketFrame;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * Frames on their way to a session's {@code send}, as the publisher it subscribes to. Confined to the executor of the
 * connection; demand may come from any thread.
 *
 * <p>Counts bytes until the session has taken them, as far as can be told from demand: what a session asks for first is the
 * window it works in, and each further request says that as many messages have left its hands. Servlet containers work in a
 * window of one message, Reactor Netty of 128.
 */
final class SessionQueue implements Publisher<WebSocketMessage>, Subscription {

    private final EventExecutor executor;

    private final DataBufferFactory bufferFactory;

    private final Queue<ByteBuf> frames = new ArrayDeque<>();

    /** Sizes of the frames handed over and not yet known to be taken, in order. */
    private final Queue<Integer> handedOver = new ArrayDeque<>();

    private @Nullable Subscriber<? super WebSocketMessage> subscriber;

    private long demand;

    private boolean windowKnown;

    private long queuedBytes;

    private boolean completing;

    private boolean done;

    SessionQueue(EventExecutor executor, DataBufferFactory bufferFactory) {
        this.executor = executor;
        this.bufferFactory = bufferFactory;
    }

    void add(ByteBuf frame) {
        if (done || completing) {
            frame.release();
            return;
        }
        queuedBytes += frame.readableBytes();
        frames.add(frame);
    }

    /** Hands over as much as was asked for. */
    void drain() {
        while (subscriber != null && !done && demand > 0 && !frames.isEmpty()) {
            ByteBuf frame = frames.remove();
            demand--;
            handedOver.add(frame.readableBytes());
            subscriber.onNext(message(frame));
        }
        if (subscriber != null && !done && completing && frames.isEmpty()) {
            done = true;
            subscriber.onComplete();
        }
    }

    /** Sends a message of the transport itself, as soon as something is asked for; not counted. */
    void ping(WebSocketMessage ping) {
        if (subscriber != null && !done && demand > 0 && frames.isEmpty()) {
            demand--;
            handedOver.add(0);
            subscriber.onNext(ping);
        }
    }

    long queuedBytes() {
        return queuedBytes;
    }

    /** Completes the stream after what is queued. */
    void complete() {
        completing = true;
        drain();
    }

    /** Releases what has not been handed over. */
    void drop() {
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            queuedBytes -= frame.readableBytes();
            frame.release();
        }
    }

    @Override
    public void subscribe(Subscriber<? super WebSocketMessage> subscriber) {
        executor.execute(() -> {
            this.subscriber = subscriber;
            subscriber.onSubscribe(this);
            drain();
        });
    }

    @Override
    public void request(long count) {
        executor.execute(() -> {
            if (windowKnown) {
                taken(count);
            }
            windowKnown = true;
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            drain();
        });
    }

    @Override
    public void cancel() {
        executor.execute(() -> {
            done = true;
            drop();
        });
    }

    private void taken(long count) {
        for (long i = 0; i < count && !handedOver.isEmpty(); i++) {
            queuedBytes -= handedOver.remove();
        }
    }

    private WebSocketMessage message(ByteBuf frame) {
        boolean text = (frame.getByte(frame.readerIndex()) & 0x0F) == 1;
        int header = WebSocketFrame.headerLength(frame);
        ByteBuf payload = frame.slice(frame.readerIndex() + header, frame.readableBytes() - header);
        return new WebSocketMessage(
                text ? WebSocketMessage.Type.TEXT : WebSocketMessage.Type.BINARY, dataBuffer(payload));
    }

    private DataBuffer dataBuffer(ByteBuf payload) {
        if (bufferFactory instanceof NettyDataBufferFactory netty) {
            return netty.wrap(payload);
        }
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        payload.release();
        return bufferFactory.wrap(bytes);
    }
}
