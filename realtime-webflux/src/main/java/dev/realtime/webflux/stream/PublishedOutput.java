package dev.realtime.webflux.stream;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.web.stream.StreamOutput;
import dev.realtime.web.stream.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * Output as the publisher of groups of buffers that a response of any server subscribes to; it flushes after each
 * group. Confined to the executor of the connection, except for demand and for what a {@link BufferGroup} reports,
 * which come from any thread.
 *
 * <p>Bytes are counted until the server has sent them, as far as it shows that. Servers of servlets request the next
 * group when they have written the last one. Reactor Netty requests many together, but releases each buffer that it has
 * sent. No server holds more than {@link #HANDED_OVER_BYTES}, so that frames that are dropped for a slow client are
 * still here.
 */
final class PublishedOutput implements StreamOutput, Publisher<Publisher<DataBuffer>>, Subscription {

    private static final int HANDED_OVER_BYTES = 65_536;

    private final EventExecutor executor;

    private final DataBufferFactory bufferFactory;

    private final StreamTransport transport;

    /** Closes the connection; null where the server hides it. */
    private final @Nullable Runnable connection;

    private final Queue<ByteBuf> frames = new ArrayDeque<>();

    /** Groups of which some may not have been taken by the server. */
    private final Queue<BufferGroup> handedOver = new ArrayDeque<>();

    private final AtomicLong queuedBytes = new AtomicLong();

    private final AtomicLong handedOverBytes = new AtomicLong();

    private @Nullable Subscriber<? super Publisher<DataBuffer>> subscriber;

    private long demand;

    /** Whether the first group was handed over, with which servers send the head of the response. */
    private boolean begun;

    /** Whether the end follows the last frame. */
    private boolean finishing;

    private boolean done;

    /** @param connection closes the connection of the client; {@code null} where the server hides it */
    PublishedOutput(
            EventExecutor executor,
            DataBufferFactory bufferFactory,
            StreamTransport transport,
            @Nullable Runnable connection) {
        this.connection = connection;
        this.executor = executor;
        this.bufferFactory = bufferFactory;
        this.transport = transport;
    }

    @Override
    public void write(ByteBuf frame) {
        if (done || finishing) {
            frame.release();
        } else {
            queuedBytes.addAndGet(frame.readableBytes());
            frames.add(frame);
        }
    }

    @Override
    public void flush() {
        if (!begun && subscriber != null && !done && demand > 0 && frames.isEmpty()) {
            handOver(subscriber, List.of(), 0);
        }
        while (subscriber != null
                && !done
                && demand > 0
                && !frames.isEmpty()
                && handedOverBytes.get() < HANDED_OVER_BYTES) {
            handOver(subscriber);
        }
        if (subscriber != null && !done && finishing && frames.isEmpty()) {
            done = true;
            subscriber.onComplete();
        }
    }

    private void handOver(Subscriber<? super Publisher<DataBuffer>> subscriber) {
        List<ByteBuf> group = new ArrayList<>();
        int size = 0;
        do {
            ByteBuf frame = frames.remove();
            size += frame.readableBytes();
            group.add(frame);
        } while (!frames.isEmpty() && size + frames.element().readableBytes() <= HANDED_OVER_BYTES);
        handOver(subscriber, group, size);
    }

    private void handOver(Subscriber<? super Publisher<DataBuffer>> subscriber, List<ByteBuf> group, int size) {
        demand--;
        begun = true;
        handedOverBytes.addAndGet(size);
        BufferGroup buffers = new BufferGroup(group, size, bufferFactory, this::sent);
        while (!handedOver.isEmpty() && handedOver.element().isTaken()) {
            handedOver.remove();
        }
        handedOver.add(buffers);
        try {
            subscriber.onNext(buffers);
        } catch (Throwable failure) {
            // Servlet containers throw when the socket was closed meanwhile, although Reactive Streams forbid it.
            done = true;
            drop();
            transport.endedElsewhere();
        }
    }

    /** Notes that a group has been sent or dropped, by any thread. */
    private void sent(int bytes) {
        queuedBytes.addAndGet(-bytes);
        handedOverBytes.addAndGet(-bytes);
        execute(this::flush);
    }

    @Override
    public void finish() {
        finishing = true;
        flush();
    }

    @Override
    public long queuedBytes() {
        return queuedBytes.get();
    }

    /** Passes each frame that has not been handed over to a callback. */
    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        frames.forEach(action);
    }

    @Override
    public void drop() {
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            queuedBytes.addAndGet(-frame.readableBytes());
            frame.release();
        }
        handedOver.forEach(BufferGroup::discard);
        handedOver.clear();
    }

    /** Closes the connection, or ends the response with an error, at which servers close it. */
    @Override
    public void cut() {
        drop();
        Subscriber<?> response = subscriber;
        if (connection != null) {
            done = true;
            connection.run();
        } else if (!done && response != null) {
            done = true;
            response.onError(new IOException("The client did not read the end of its stream in time."));
        }
        transport.endedElsewhere();
    }

    @Override
    public void subscribe(Subscriber<? super Publisher<DataBuffer>> subscriber) {
        execute(() -> {
            this.subscriber = subscriber;
            subscriber.onSubscribe(this);
            flush();
        });
    }

    @Override
    public void request(long count) {
        execute(() -> {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            flush();
        });
    }

    @Override
    public void cancel() {
        execute(() -> {
            done = true;
            transport.ended();
        });
    }

    private void execute(Runnable task) {
        Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, transport, task));
    }
}
