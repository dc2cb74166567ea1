package dev.realtime.engine.redis.server;

import dev.realtime.engine.redis.server.FaultProxy.Direction;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** One client's connection through a {@link FaultProxy}; for its thread only. */
final class ProxiedConnection {

    private static final int CHUNK_BYTES = 64 * 1024;

    private static final long MOST_QUEUED_BYTES = 8 * 1024 * 1024;

    private final SocketChannel client;

    private final SocketChannel server;

    private final ProxyRules rules;

    private final Consumer<ProxiedConnection> ended;

    private final Pipe toServer;

    private final Pipe toClient;

    private boolean lostBytes;

    ProxiedConnection(
            SocketChannel client,
            SocketChannel server,
            Selector selector,
            ProxyRules rules,
            Consumer<ProxiedConnection> ended)
            throws IOException {
        this.client = client;
        this.server = server;
        this.rules = rules;
        this.ended = ended;
        SelectionKey clientKey = register(client, selector);
        SelectionKey serverKey = register(server, selector);
        toServer = new Pipe(Direction.TO_SERVER, client, clientKey, server, serverKey);
        toClient = new Pipe(Direction.TO_CLIENT, server, serverKey, client, clientKey);
    }

    private static SelectionKey register(SocketChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel.register(selector, 0);
    }

    /** Whether bytes were swallowed, so that what comes after them makes no sense. */
    boolean lostBytes() {
        return lostBytes;
    }

    /** Moves what can be moved; returns in how many nanoseconds something is due, the largest number for never. */
    long move(long now) {
        try {
            toServer.key.interestOps(0);
            toClient.key.interestOps(0);
            long wait = Math.min(toServer.move(now), toClient.move(now));
            if (toServer.finished && toClient.finished) {
                close();
            }
            return wait;
        } catch (IOException lost) {
            reset();
            return Long.MAX_VALUE;
        }
    }

    /** Ends both sides with {@code RST}. */
    void reset() {
        try {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            server.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nothing to linger.
        }
        close();
    }

    /** Ends both sides in order. */
    void close() {
        ended.accept(this);
        try {
            try (client) {
                server.close();
            }
        } catch (IOException closedAnyway) {
            // Both are closed whatever they say.
        }
    }

    private record Chunk(ByteBuffer bytes, long dueNanos) {}

    /** One direction. */
    private final class Pipe {

        private final Direction direction;

        private final SocketChannel source;

        /** Of the source. */
        private final SelectionKey key;

        private final SocketChannel sink;

        private final SelectionKey sinkKey;

        private final Deque<Chunk> queue = new ArrayDeque<>();

        private long queuedBytes;

        private boolean sourceEnded;

        private boolean finished;

        Pipe(Direction direction, SocketChannel source, SelectionKey key, SocketChannel sink, SelectionKey sinkKey) {
            this.direction = direction;
            this.source = source;
            this.key = key;
            this.sink = sink;
            this.sinkKey = sinkKey;
        }

        long move(long now) throws IOException {
            if (rules.held.contains(direction)) {
                return Long.MAX_VALUE;
            }
            read(now);
            long wait = write(now);
            if (sourceEnded && queue.isEmpty() && !finished) {
                finished = true;
                sink.shutdownOutput();
            }
            return wait;
        }

        private void read(long now) throws IOException {
            while (!sourceEnded && queuedBytes < MOST_QUEUED_BYTES) {
                ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
                int count = source.read(bytes);
                if (count < 0) {
                    sourceEnded = true;
                } else if (count == 0) {
                    key.interestOpsOr(SelectionKey.OP_READ);
                    return;
                } else if (rules.swallowed.contains(direction)) {
                    lostBytes = true;
                } else {
                    queue.add(new Chunk(bytes.flip(), now + rules.delayNanos(direction)));
                    queuedBytes += count;
                }
            }
        }

        private long write(long now) throws IOException {
            for (Chunk chunk = queue.peek(); chunk != null; chunk = queue.peek()) {
                if (chunk.dueNanos() > now) {
                    return chunk.dueNanos() - now;
                }
                queuedBytes -= sink.write(chunk.bytes());
                if (chunk.bytes().hasRemaining()) {
                    sinkKey.interestOpsOr(SelectionKey.OP_WRITE);
                    return Long.MAX_VALUE;
                }
                queue.remove();
            }
            return Long.MAX_VALUE;
        }
    }
}
