package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisClusterSharedOccupancyIntegrationTests extends SharedOccupancyContract {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    RedisEngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get(), PubSubMode.AUTO);
    }
}
