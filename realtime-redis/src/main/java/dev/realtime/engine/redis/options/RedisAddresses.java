package dev.realtime.engine.redis.options;

import io.lettuce.core.RedisURI;
import java.util.List;

/**
 * Configured addresses of Redis and their source, so that a mistake is explained with the configured names.
 *
 * @param source origin of the addresses
 * @param topology kind of Redis that is said to be there
 * @param uris each address, with its credentials; for Sentinel a single one that holds the sentinels
 */
public record RedisAddresses(Source source, RedisTopology topology, List<RedisURI> uris) {

    /** Source of the addresses. */
    public enum Source {
        /** Properties {@code realtime.redis.*}. */
        PROPERTIES,
        /** Spring Boot: {@code spring.data.redis.*}, a service connection, or Docker Compose. */
        APPLICATION,
        /** Connection details for the engine: a bean of the application, a service connection, or Docker Compose. */
        CONNECTION_DETAILS,
        /** A bean of the application in place of the connection factory. */
        BEAN
    }

    public RedisAddresses {
        uris = List.copyOf(uris);
    }

    /** The property that holds addresses of such a Redis. */
    public static String property(RedisTopology topology) {
        return switch (topology) {
            case STANDALONE -> "realtime.redis.address";
            case CLUSTER -> "realtime.redis.cluster-address";
            case SENTINEL -> "realtime.redis.sentinel-address";
        };
    }

    /** Where to look for the mistake. */
    public String property() {
        return source == Source.PROPERTIES || source == Source.CONNECTION_DETAILS
                ? property(topology)
                : "spring.data.redis";
    }

    /** Returns the origin of the addresses, as the beginning of a sentence. */
    public String origin() {
        return switch (source) {
            case PROPERTIES -> "`" + property(topology) + "`";
            case APPLICATION -> "The Redis of the application (`spring.data.redis.*` or a service connection)";
            case CONNECTION_DETAILS -> "The bean of type `RealtimeRedisConnectionDetails`";
            case BEAN -> "The bean `realtimeRedisConnectionFactory`";
        };
    }

    /** Another setting of the connection, within a sentence. */
    public String setting(String name) {
        return switch (source) {
            case PROPERTIES -> "`realtime.redis." + name + "`";
            case APPLICATION -> "`spring.data.redis." + name.replace("sentinel-", "sentinel.") + "`";
            case BEAN, CONNECTION_DETAILS -> "the " + name.replace('-', ' ').replace('.', ' ') + " of that bean";
        };
    }

    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return origin();
    }
}
