package dev.realtime.engine.redis;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.spi.engine.EngineUnderTest;
import dev.realtime.spi.engine.PresenceManagerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisSentinelPresenceManagerIntegrationTests extends PresenceManagerContract {

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> redis = RedisExtension.sentinel();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get());
    }
}
