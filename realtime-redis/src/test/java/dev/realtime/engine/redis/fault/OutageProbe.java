package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.server.RedisErrorReply;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RespConnection;
import io.lettuce.core.cluster.SlotHash;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long Redis itself cannot be written to, where it is longest: for each key a thread that writes it every
 * few milliseconds over a bare connection, and tries all servers in turn when that fails. What an application needs on
 * top of this is the engine's own.
 */
final class OutageProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMillis(250);

    private static final long PAUSE_MILLIS = 5;

    private final List<Writer> writers;

    private OutageProbe(Supplier<List<RedisServer>> servers, List<String> keys) {
        this.writers = keys.stream().map(key -> new Writer(servers, key)).toList();
    }

    /** Probes whatever of these servers takes a write. */
    static OutageProbe of(Supplier<List<RedisServer>> servers) {
        return new OutageProbe(servers, List.of("outage-probe"));
    }

    /**
     * Probes the owners of slots. One of each primary is needed to know how long a cluster is away: each of its nodes
     * decides by itself, and on a busy machine at another time, that all slots are served again.
     */
    static OutageProbe ofSlots(Supplier<List<RedisServer>> servers, List<Integer> slots) {
        return new OutageProbe(servers, slots.stream().map(OutageProbe::keyIn).toList());
    }

    private static String keyIn(int slot) {
        int number = 0;
        while (SlotHash.getSlot("outage-probe-" + number) != slot) {
            number++;
        }
        return "outage-probe-" + number;
    }

    /** The longest time without a successful write of a key so far, the present one included. */
    Duration longestOutage() {
        return writers.stream()
                .map(Writer::longestOutage)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public void close() {
        writers.forEach(Writer::end);
        writers.forEach(Writer::join);
    }

    /** Writes of one key. */
    private static final class Writer {

        private final Supplier<List<RedisServer>> servers;

        private final String key;

        private final Thread thread = new Thread(this::run, "outage-probe");

        private volatile boolean closed;

        private volatile long lastSuccessNanos = System.nanoTime();

        private volatile long longestNanos;

        private @Nullable RespConnection connection;

        private @Nullable RedisServer server;

        Writer(Supplier<List<RedisServer>> servers, String key) {
            this.servers = servers;
            this.key = key;
            thread.setDaemon(true);
            thread.start();
        }

        Duration longestOutage() {
            return Duration.ofNanos(Math.max(longestNanos, System.nanoTime() - lastSuccessNanos));
        }

        private void run() {
            while (!closed) {
                RedisServer last = server;
                if (last != null && write(last)) {
                    pause();
                    continue;
                }
                for (RedisServer candidate : candidates()) {
                    if (closed || write(candidate)) {
                        break;
                    }
                }
                pause();
            }
            disconnect();
        }

        private List<RedisServer> candidates() {
            try {
                return servers.get();
            } catch (RuntimeException nobodyKnows) {
                // In a failover there may be no primary at all.
                return List.of();
            }
        }

        private boolean write(RedisServer to) {
            if (!to.running()) {
                return false;
            }
            try {
                if (connection == null || server != to) {
                    disconnect();
                    connection = RespConnection.open(RedisServer.HOST, to.port(), null, null, null, TIMEOUT);
                    server = to;
                }
                connection.command("SET", key, "x");
                long now = System.nanoTime();
                longestNanos = Math.max(longestNanos, now - lastSuccessNanos);
                lastSuccessNanos = now;
                return true;
            } catch (UncheckedIOException | RedisErrorReply failed) {
                disconnect();
                return false;
            }
        }

        private void disconnect() {
            if (connection != null) {
                connection.close();
                connection = null;
            }
            server = null;
        }

        private static void pause() {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException ignored) {
                // Asked to check the end.
            }
        }

        void end() {
            closed = true;
            thread.interrupt();
        }

        void join() {
            try {
                thread.join(TIMEOUT.multipliedBy(4).toMillis());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
