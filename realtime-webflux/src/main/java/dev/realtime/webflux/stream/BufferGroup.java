package dev.realtime.webflux.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Frames that are sent in one flush, as a publisher of one buffer. A server may subscribe to it, once and on any
 * thread, or drop it; the frames are released in either case.
 */
final class BufferGroup implements Publisher<DataBuffer> {

    private final List<ByteBuf> frames;

    private final int size;

    private final DataBufferFactory bufferFactory;

    private final IntConsumer onSent;

    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * @param frames frames, whose references are taken over
     * @param onSent called once with the size, when the buffer has been sent or dropped as far as the server shows that
     */
    BufferGroup(List<ByteBuf> frames, int size, DataBufferFactory bufferFactory, IntConsumer onSent) {
        this.frames = frames;
        this.size = size;
        this.bufferFactory = bufferFactory;
        this.onSent = onSent;
    }

    /** Returns whether a server has taken the frames, or they were dropped. */
    boolean isTaken() {
        return taken.get();
    }

    /** Releases the frames if no server has taken them. */
    void discard() {
        if (taken.compareAndSet(false, true)) {
            frames.forEach(ByteBuf::release);
            onSent.accept(size);
        }
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> subscriber) {
        subscriber.onSubscribe(new Subscription() {

            private boolean done;

            @Override
            public void request(long count) {
                if (done) {
                    return;
                }
                done = true;
                if (taken.compareAndSet(false, true)) {
                    subscriber.onNext(buffer());
                }
                subscriber.onComplete();
            }

            @Override
            public void cancel() {
                discard();
            }
        });
    }

    private DataBuffer buffer() {
        if (bufferFactory instanceof NettyDataBufferFactory netty) {
            return netty.wrap(new Handed());
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (ByteBuf frame : frames) {
            int length = frame.readableBytes();
            frame.getBytes(frame.readerIndex(), bytes, at, length);
            at += length;
            frame.release();
        }
        onSent.accept(size);
        return bufferFactory.wrap(bytes);
    }

    /** Frames that Reactor Netty holds; their release shows that they were sent or dropped. */
    private final class Handed extends CompositeByteBuf {

        Handed() {
            super(ByteBufAllocator.DEFAULT, true, Math.max(1, frames.size()));
            // Views: others may be writing the same memory, and the channel moves indexes.
            frames.forEach(frame -> addComponent(true, frame.duplicate()));
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            onSent.accept(size);
        }
    }
}
