package dev.realtime.engine.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between a client and a server: a TCP proxy on the loopback interface that forwards bytes until a fault
 * is requested. Every method returns when its effect is there. One thread does everything; methods may be called by any
 * other.
 */
public final class FaultProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the server. */
        TO_SERVER,
        /** From the server to the client. */
        TO_CLIENT
    }

    private static final int BACKLOG = 128;

    private final int port;

    private final Selector selector;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // Below: touched by the thread of the proxy only, once it runs.

    private final Set<ProxiedConnection> connections = new LinkedHashSet<>();

    private final ProxyRules rules = new ProxyRules();

    private InetSocketAddress target;

    private @Nullable ServerSocketChannel listener;

    private FaultProxy(int targetPort) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        port = FreePorts.next();
        selector = Selector.open();
        listen();
        Thread thread = new Thread(this::run, "fault-proxy-" + port);
        thread.setDaemon(true);
        thread.start();
    }

    /** A proxy for a server on the loopback interface, which need not run yet. */
    public static FaultProxy to(RedisServer server) {
        return toPort(server.port());
    }

    /** A proxy for whatever listens on a loopback port. */
    public static FaultProxy toPort(int targetPort) {
        try {
            return new FaultProxy(targetPort);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    /** Connections that are open now. */
    public int connections() {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        onLoop(() -> count.complete(connections.size()));
        return count.join();
    }

    /**
     * Holds bytes back, as a network that loses every packet does: connections stay open, new ones are accepted,
     * nothing arrives. What was held back arrives after {@link #pass()}.
     */
    public void hold(Direction direction) {
        onLoop(() -> rules.held.add(direction));
    }

    /** Nothing arrives any more in either direction, see {@link #hold}. */
    public void blackHole() {
        onLoop(() -> rules.held.addAll(Set.of(Direction.values())));
    }

    /**
     * Takes bytes and forgets them. After {@link #pass()} connections that lost something are reset, as they cannot go
     * on.
     */
    public void swallow(Direction direction) {
        onLoop(() -> rules.swallowed.add(direction));
    }

    /** Makes bytes arrive later by this, without changing how many can be on the way. */
    public void delay(Direction direction, Duration delay) {
        onLoop(() -> rules.delays.put(direction, delay));
    }

    /**
     * Ends all connections immediately, as if the peer's machine had restarted ({@code RST}). New ones are accepted.
     */
    public void reset() {
        onLoop(() -> Set.copyOf(connections).forEach(ProxiedConnection::reset));
    }

    /** Ends all connections in order ({@code FIN} both ways). New ones are accepted. */
    public void disconnect() {
        onLoop(() -> Set.copyOf(connections).forEach(ProxiedConnection::close));
    }

    /**
     * Ends all connections immediately; new ones lead to another server, as where an address is given to another
     * machine.
     */
    public void leadTo(RedisServer server) {
        onLoop(() -> {
            target = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            Set.copyOf(connections).forEach(ProxiedConnection::reset);
        });
    }

    /** Refuses new connections, as if no server listened. Those that are open continue. */
    public void refuse() {
        onLoop(this::stopListening);
    }

    /** Ends every fault; connections that lost bytes are reset. */
    public void pass() {
        onLoop(() -> {
            rules.clear();
            Set.copyOf(connections).stream()
                    .filter(ProxiedConnection::lostBytes)
                    .forEach(ProxiedConnection::reset);
            if (listener == null) {
                listen();
            }
        });
    }

    /** Ends all connections and the proxy. */
    @Override
    public void close() {
        onLoop(() -> {
            Set.copyOf(connections).forEach(ProxiedConnection::reset);
            stopListening();
            try {
                selector.close();
            } catch (IOException closedAnyway) {
                throw new UncheckedIOException(closedAnyway);
            }
        });
    }

    private void onLoop(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (RuntimeException failed) {
                done.completeExceptionally(failed);
            }
        });
        selector.wakeup();
        done.join();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                long now = System.nanoTime();
                long wait = Long.MAX_VALUE;
                for (ProxiedConnection connection : Set.copyOf(connections)) {
                    wait = Math.min(wait, connection.move(now));
                }
                select(wait);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
        } catch (ClosedSelectorException closed) {
            return;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** @param nanos longest to wait; the largest number for no end */
    private void select(long nanos) throws IOException {
        if (nanos == Long.MAX_VALUE) {
            selector.select(this::accept);
        } else if (nanos <= 0) {
            selector.selectNow(this::accept);
        } else {
            // Up, or the loop would run hot for the rest of a millisecond.
            selector.select(this::accept, nanos / 1_000_000 + 1);
        }
    }

    private void accept(SelectionKey ready) {
        if (!ready.isAcceptable()) {
            return;
        }
        try {
            SocketChannel client = ((ServerSocketChannel) ready.channel()).accept();
            if (client == null) {
                return;
            }
            try {
                SocketChannel server = SocketChannel.open(target);
                connections.add(new ProxiedConnection(client, server, selector, rules, connections::remove));
            } catch (IOException refused) {
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.close();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void listen() {
        try {
            ServerSocketChannel opened = ServerSocketChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_ACCEPT);
            listener = opened;
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    private void stopListening() {
        try {
            if (listener != null) {
                listener.close();
                listener = null;
                // A closed channel keeps its port until the selector has let go of it.
                selector.selectNow(this::accept);
            }
        } catch (IOException closedAnyway) {
            throw new UncheckedIOException(closedAnyway);
        }
    }
}
