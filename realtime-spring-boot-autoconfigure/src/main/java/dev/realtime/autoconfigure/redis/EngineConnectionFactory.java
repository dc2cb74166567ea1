package dev.realtime.autoconfigure.redis;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Connection factory with the Lettuce client of the engine. Unlike other connection factories it is not paused with an
 * application context, because the node is not paused either and needs Redis.
 */
final class EngineConnectionFactory extends LettuceConnectionFactory {

    private EngineConnectionFactory(RedisStandaloneConfiguration configuration, LettuceClientConfiguration client) {
        super(configuration, client);
    }

    private EngineConnectionFactory(RedisConfiguration configuration, LettuceClientConfiguration client) {
        super(configuration, client);
    }

    static EngineConnectionFactory of(RedisConfiguration configuration, LettuceClientConfiguration client) {
        // The factory exposes a standalone configuration only if it is passed with its own type.
        return configuration instanceof RedisStandaloneConfiguration standalone
                ? new EngineConnectionFactory(standalone, client)
                : new EngineConnectionFactory(configuration, client);
    }

    @Override
    public boolean isPauseable() {
        return false;
    }
}
