package dev.realtime.test.socket;

import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WebSocketFrames;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Socket and transport in one, in memory: the node writes frames as to any client, and the test client receives them
 * without a port. All its state belongs to the event loop; other threads hand over tasks.
 */
public final class InMemorySocket implements ClientSocket {

    private static final long PATIENCE_SECONDS = 30;

    /** Turns of the loop until all that was handed over is delivered and flushed. */
    private static final int TURNS = 3;

    private final EventExecutor loop;

    private final SocketListener client;

    private final NodeSide transport;

    /** Frames of the server that were not flushed, or that a paused client does not read. */
    private final Queue<byte[]> outbound = new ArrayDeque<>();

    /** Frames of the client while the server does not read. */
    private final Queue<byte[]> inbound = new ArrayDeque<>();

    private @Nullable TransportListener server;

    private long outboundBytes;

    private boolean paused;

    private boolean serverReads = true;

    private boolean ended;

    private InMemorySocket(EventExecutor loop, WireForm form, TransportDescription description, SocketListener client) {
        this.loop = loop;
        this.client = client;
        this.transport = new NodeSide(form, description);
    }

    /**
     * Opens a socket to a node.
     *
     * @param accept takes on the transport, as {@code RealtimeNode.accept} does
     */
    public static InMemorySocket open(
            EventExecutor loop,
            WireForm form,
            TransportDescription description,
            SocketListener client,
            Function<Transport, TransportListener> accept) {
        InMemorySocket socket = new InMemorySocket(loop, form, description, client);
        await(loop, () -> socket.server = accept.apply(socket.transport));
        return socket;
    }

    /** Runs a task on a loop and waits for its end. */
    static void await(EventExecutor loop, Runnable task) {
        if (!loop.submit(task).awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The event loop of the test clients has been busy for " + PATIENCE_SECONDS
                    + " s. A handler blocks it: let blocking handlers return values, or use publishOn.");
        }
    }

    @Override
    public void send(byte[] frame) {
        execute(() -> {
            // Frames that were held back come first.
            if (serverReads && inbound.isEmpty()) {
                toServer(frame);
            } else {
                inbound.add(frame);
            }
        });
    }

    private void toServer(byte[] frame) {
        if (!ended && server != null) {
            server.onMessage(Unpooled.wrappedBuffer(frame));
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            // The context of the test is closed, and every client with it.
            ended = true;
        }
    }

    @Override
    public void pause() {
        await(loop, () -> paused = true);
    }

    @Override
    public void resume() {
        await(loop, () -> {
            paused = false;
            transport.flush();
        });
    }

    @Override
    public void drop() {
        if (!loop.isShuttingDown()) {
            await(loop, () -> {
                if (!ended) {
                    end(Disconnect.CONNECTION_CLOSED);
                    notifyServer();
                }
            });
        }
    }

    private void notifyServer() {
        if (server != null) {
            server.onClosed();
        }
    }

    private void end(Disconnect disconnect) {
        ended = true;
        outbound.clear();
        outboundBytes = 0;
        inbound.clear();
        client.onClosed(disconnect);
    }

    @Override
    public boolean settle() {
        for (int turn = 0; turn < TURNS; turn++) {
            await(loop, () -> {});
        }
        return true;
    }

    /** Side of the node: all methods are called on the event loop. */
    private final class NodeSide implements Transport {

        private final WireForm form;

        private final TransportDescription description;

        NodeSide(WireForm form, TransportDescription description) {
            this.form = form;
            this.description = description;
        }

        @Override
        public EventExecutor executor() {
            return loop;
        }

        @Override
        public WireForm wireForm() {
            return form;
        }

        @Override
        public TransportDescription describe() {
            return description;
        }

        @Override
        public void write(ByteBuf frame) {
            try {
                if (!ended) {
                    WebSocketFrames.forEachFrame(frame, this::queue);
                }
            } finally {
                frame.release();
            }
        }

        private void queue(ByteBuf frame) {
            int header = WebSocketFrames.headerLength(frame);
            byte[] message = new byte[frame.readableBytes() - header];
            frame.getBytes(frame.readerIndex() + header, message);
            outbound.add(message);
            outboundBytes += message.length;
        }

        @Override
        public void flush() {
            if (paused) {
                return;
            }
            List<byte[]> arrived = new ArrayList<>(outbound);
            outbound.clear();
            outboundBytes = 0;
            arrived.forEach(client::onFrame);
        }

        @Override
        public long queuedBytes() {
            return outboundBytes;
        }

        @Override
        public void forEachQueued(Consumer<ByteBuf> action) {
            outbound.forEach(frame -> action.accept(Unpooled.wrappedBuffer(frame)));
        }

        @Override
        public void pauseReading() {
            serverReads = false;
        }

        @Override
        public void resumeReading() {
            serverReads = true;
            execute(this::readHeld);
        }

        private void readHeld() {
            while (serverReads && !inbound.isEmpty()) {
                toServer(inbound.remove());
            }
        }

        @Override
        public void close(Disconnect disconnect) {
            if (!ended) {
                if (!disconnect.dropsQueue()) {
                    flush();
                }
                end(disconnect);
                execute(InMemorySocket.this::notifyServer);
            }
        }
    }
}
