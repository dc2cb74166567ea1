package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;

/** What is done to a replica in failovers that a test makes by hand. */
final class Replica {

    private static final Duration LONGEST_SYNC = Duration.ofSeconds(30);

    private Replica() {}

    /** Makes a server the replica of what listens on a port. */
    static void follow(RedisServer server, int port) {
        server.execute("REPLICAOF", RedisServer.HOST, String.valueOf(port));
    }

    /** Makes it a primary, with what it has. */
    static void promote(RedisServer server) {
        server.execute("REPLICAOF", "NO", "ONE");
    }

    /** Returns when it has all that its primary had when this was called. */
    static void awaitInSync(RedisServer replica, RedisServer primary) {
        long end = System.nanoTime() + LONGEST_SYNC.toNanos();
        long offset = offset(primary);
        while (!replica.info("master_link_status").equals("up") || offset(replica) < offset) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("The replica is not in sync: " + replica.log());
            }
            RedisFaultContract.pass(Duration.ofMillis(50));
        }
    }

    private static long offset(RedisServer server) {
        return Long.parseLong(server.info("master_repl_offset"));
    }
}
