package dev.realtime.engine.redis.server;

import java.util.List;
import java.util.stream.Collectors;

/** Some Redis servers that belong together and end together. */
public interface RedisServers extends AutoCloseable {

    /** All of them, also those that do not run at this moment. */
    List<RedisServer> servers();

    /** What all servers logged, for the message of a failed test. */
    default String logs() {
        return servers().stream()
                .map(server -> "--- " + server + System.lineSeparator() + server.log())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** Ends all processes and deletes their files. */
    @Override
    default void close() {
        servers().forEach(RedisServer::close);
    }
}
