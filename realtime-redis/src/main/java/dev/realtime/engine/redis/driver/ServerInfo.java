package dev.realtime.engine.redis.driver;

import org.jspecify.annotations.Nullable;

/** Parser of the reply to {@code INFO}. */
public final class ServerInfo {

    private ServerInfo() {}

    /** The value of a field; {@code null} if it is not there. */
    public static @Nullable String field(String info, String name) {
        String start = name + ':';
        return info.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst()
                .orElse(null);
    }

    /** Whether the server copies another one and takes no writes. */
    public static boolean isReplica(String replication) {
        return "slave".equals(field(replication, "role"));
    }
}
