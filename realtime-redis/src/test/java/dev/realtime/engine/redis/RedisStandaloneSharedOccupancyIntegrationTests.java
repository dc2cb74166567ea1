package dev.realtime.engine.redis;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandaloneSharedOccupancyIntegrationTests extends SharedOccupancyContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Override
    RedisEngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get());
    }
}
