package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.spi.engine.EngineUnderTest;
import dev.realtime.spi.engine.PresenceManagerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisClusterPresenceManagerIntegrationTests extends PresenceManagerContract {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get(), PubSubMode.AUTO);
    }
}
