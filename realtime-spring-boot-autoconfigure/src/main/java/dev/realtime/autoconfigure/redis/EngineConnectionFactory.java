package dev.realtime.autoconfigure.redis;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Owns the Lettuce client of the engine. Unlike other connection factories it is not paused with an application
 * context: the node is not either, and would be left without Redis.
 */
final class EngineConnectionFactory extends LettuceConnectionFactory {

    private EngineConnectionFactory(RedisStandaloneConfiguration configuration, LettuceClientConfiguration client) {
        super(configuration, client);
    }

    private EngineConnectionFactory(RedisConfiguration configuration, LettuceClientConfiguration client) {
        super(configuration, client);
    }

    static EngineConnectionFactory of(RedisConfiguration configuration, LettuceClientConfiguration client) {
        // Only with its own type does the factory say later what it was made of.
        return configuration instanceof RedisStandaloneConfiguration standalone
                ? new EngineConnectionFactory(standalone, client)
                : new EngineConnectionFactory(configuration, client);
    }

    @Override
    public boolean isPauseable() {
        return false;
    }
}
