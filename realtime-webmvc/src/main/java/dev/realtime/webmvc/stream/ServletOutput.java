package dev.realtime.webmvc.stream;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.web.stream.StreamOutput;
import dev.realtime.web.stream.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Output as the response to a request that is processed asynchronously. No thread waits for the client: the container
 * signals, on any of its threads, when it takes more, and writing continues on the executor of the connection, to which
 * the queue is confined.
 *
 * <p>All frames of a turn are written together, then flushed. The container holds at most {@link #CHUNK} bytes that its
 * socket has not taken; what waits behind them can be dropped when a slow client is disconnected. An idle connection
 * holds no buffer here.
 *
 * <p>A container gives the response to another request as soon as this one has ended. So the response is used under the
 * monitor of this object only, and {@link #released} is set under it before the container continues.
 */
final class ServletOutput implements StreamOutput, WriteListener, AsyncListener {

    /** Maximum of bytes in one write. */
    private static final int CHUNK = 32_768;

    private final AsyncContext async;

    private final EventExecutor executor;

    private final StreamTransport transport;

    private final long writeTimeoutNanos;

    // Confined to the executor:

    private final Queue<ByteBuf> frames = new ArrayDeque<>(0);

    private long waitingBytes;

    /** Number of bytes of the first frame that were written. */
    private int taken;

    private long heldBytes;

    /** Whether the response has begun. */
    private boolean begun;

    /** Whether a flush has to follow. The first one sends the head of the response. */
    private boolean unflushed = true;

    /** Whether the response ends after the last frame. */
    private boolean finishing;

    private boolean done;

    /** Number of times that the container took more. */
    private long progress;

    /** Null while the container takes everything. */
    private @Nullable Future<?> writeTimer;

    // Guarded by the monitor:

    private @Nullable ServletOutputStream stream;

    /** Whether the response belongs to the container again. */
    private boolean released;

    /** @param async request that is processed asynchronously, which gets this listener */
    ServletOutput(AsyncContext async, EventExecutor executor, Duration writeTimeout, StreamTransport transport) {
        this.async = async;
        this.executor = executor;
        this.writeTimeoutNanos = writeTimeout.toNanos();
        this.transport = transport;
        async.addListener(this);
    }

    /**
     * Begins the response; called by any thread.
     *
     * @param headers sets status and headers
     */
    void begin(Runnable headers) {
        try {
            synchronized (this) {
                if (released) {
                    return;
                }
                headers.run();
                stream = async.getResponse().getOutputStream();
            }
            // Not under the monitor: a container may call the listener immediately.
            stream.setWriteListener(this);
        } catch (IOException | IllegalStateException ended) {
            execute(this::lose);
        }
    }

    /** Ends the request with a status instead; called by any thread. */
    void refuse(int status) {
        synchronized (this) {
            if (!released) {
                ((HttpServletResponse) async.getResponse()).setStatus(status);
            }
        }
        complete();
    }

    @Override
    public void onWritePossible() {
        execute(() -> {
            begun = true;
            progress++;
            drain();
        });
    }

    @Override
    public void write(ByteBuf frame) {
        if (done || finishing) {
            frame.release();
        } else {
            waitingBytes += frame.readableBytes();
            frames.add(frame);
        }
    }

    @Override
    public void flush() {
        if (!frames.isEmpty()) {
            unflushed = true;
        }
        drain();
    }

    private void drain() {
        if (!begun || done) {
            return;
        }
        try {
            if (writeAll()) {
                heldBytes = 0;
                cancelTimer();
                if (finishing && frames.isEmpty()) {
                    done = true;
                    complete();
                }
            } else {
                watch();
            }
        } catch (IOException | RuntimeException failure) {
            lose();
        }
    }

    /** Writes as long as the container takes it; returns whether it has taken everything. */
    private synchronized boolean writeAll() throws IOException {
        ServletOutputStream out = stream;
        if (out == null || released) {
            throw new IOException("The response has ended.");
        }
        while (out.isReady()) {
            if (unflushed && frames.isEmpty()) {
                unflushed = false;
                out.flush();
            } else if (unflushed) {
                byte[] bytes = take();
                heldBytes = bytes.length;
                out.write(bytes);
            } else {
                return true;
            }
        }
        return false;
    }

    /** Takes bytes of the queue. A container may keep the array until it takes more. */
    private byte[] take() {
        byte[] bytes = new byte[(int) Math.min(CHUNK, waitingBytes)];
        int size = 0;
        while (size < bytes.length) {
            ByteBuf frame = frames.element();
            int count = Math.min(frame.readableBytes() - taken, bytes.length - size);
            frame.getBytes(frame.readerIndex() + taken, bytes, size, count);
            size += count;
            taken += count;
            if (taken == frame.readableBytes()) {
                taken = 0;
                frames.remove().release();
            }
        }
        waitingBytes -= size;
        return bytes;
    }

    @Override
    public void finish() {
        finishing = true;
        unflushed = true;
        drain();
    }

    @Override
    public long queuedBytes() {
        return waitingBytes + heldBytes;
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        frames.forEach(action);
    }

    /** Keeps the rest of frames that were written in part, without which the client could not read what follows. */
    @Override
    public void drop() {
        ByteBuf first = taken > 0 && !done ? frames.remove() : null;
        release();
        if (first != null) {
            waitingBytes = first.readableBytes() - taken;
            frames.add(first);
        }
    }

    private void release() {
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            frame.release();
        }
        waitingBytes = 0;
        if (done) {
            taken = 0;
            heldBytes = 0;
        }
    }

    @Override
    public void cut() {
        end();
        synchronized (this) {
            if (!released) {
                try {
                    AbruptEnd.end(async);
                } catch (IllegalStateException ended) {
                    // The container is ending it.
                }
            }
        }
        transport.endedElsewhere();
    }

    /** The client has gone. */
    private void lose() {
        end();
        complete();
        transport.endedElsewhere();
    }

    private void end() {
        done = true;
        cancelTimer();
        release();
    }

    /** Gives the response back to the container. */
    private synchronized void complete() {
        if (!released) {
            try {
                async.complete();
            } catch (IllegalStateException ended) {
                // The container is ending it.
            }
        }
    }

    /** Starts to check a socket that does not take everything. */
    private void watch() {
        if (writeTimer == null && writeTimeoutNanos > 0) {
            long before = progress;
            writeTimer = Boundary.schedule(
                    executor,
                    Boundary.ownedTask(Place.TIMER, transport, () -> checkProgress(before)),
                    writeTimeoutNanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void checkProgress(long before) {
        writeTimer = null;
        if (done) {
            return;
        }
        if (progress == before) {
            transport.cut();
        } else if (heldBytes > 0) {
            watch();
        }
    }

    private void cancelTimer() {
        if (writeTimer != null) {
            writeTimer.cancel(false);
            writeTimer = null;
        }
    }

    /** A write has failed. */
    @Override
    public void onError(Throwable failure) {
        execute(this::lose);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        onReleased();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        onError(event);
    }

    /** The container has noticed that the client has gone, or ends all requests. */
    @Override
    public void onError(AsyncEvent event) {
        onReleased();
        try {
            async.complete();
        } catch (IllegalStateException ended) {
            // It was completed meanwhile.
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private void onReleased() {
        synchronized (this) {
            released = true;
        }
        execute(() -> {
            end();
            transport.ended();
        });
    }

    private void execute(Runnable task) {
        Boundary.execute(executor, Boundary.ownedTask(Place.EXECUTOR_TASK, transport, task));
    }
}
