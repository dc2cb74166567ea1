package dev.realtime.engine.redis;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.EngineUnderTest;
import dev.realtime.spi.engine.PresenceManagerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandalonePresenceManagerIntegrationTests extends PresenceManagerContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get());
    }
}
