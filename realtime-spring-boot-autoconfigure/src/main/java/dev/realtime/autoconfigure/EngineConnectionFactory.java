package dev.realtime.autoconfigure;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Owns the Lettuce client of the engine. Unlike other connection factories it is not paused with an application context: the
 * node is not either, and would be left without Redis.
 */
final class EngineConnectionFactory extends LettuceConnectionFactory {

    EngineConnectionFactory(RedisConfiguration configuration, LettuceClientConfiguration client) {
        super(configuration, client);
    }

    @Override
    public boolean isPauseable() {
        return false;
    }
}
