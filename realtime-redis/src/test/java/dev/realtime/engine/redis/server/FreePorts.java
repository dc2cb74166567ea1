package dev.realtime.engine.redis.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback ports without a listener. They are below the range from which systems take the local port of an outgoing
 * connection: a port of that range may be taken while its server is down for a moment, even by the very client that
 * tries to reach it, which then talks to itself.
 */
final class FreePorts {

    private static final int PORTS_OF_A_FORK = 2000;

    /** Tests run in up to two JVMs at a time: a port must not be taken by the other while its server is down. */
    private static final int FORK = (Integer.getInteger("realtime.test.fork", 1) - 1) % 2;

    private static final int FIRST = 20000 + FORK * PORTS_OF_A_FORK;

    private static final int LAST = FIRST + PORTS_OF_A_FORK - 1;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /** A port that this JVM has not been given before. */
    static int next() {
        synchronized (GIVEN) {
            int start = ThreadLocalRandom.current().nextInt(LAST - FIRST + 1);
            for (int offset = 0; offset <= LAST - FIRST; offset++) {
                int port = FIRST + (start + offset) % (LAST - FIRST + 1);
                if (!GIVEN.contains(port) && isFree(port)) {
                    GIVEN.add(port);
                    return port;
                }
            }
        }
        throw new IllegalStateException("No free port is left between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
