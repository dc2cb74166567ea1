package dev.realtime.engine.redis;

import dev.realtime.engine.ChannelOccupancyContract;
import dev.realtime.engine.EngineUnderTest;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisClusterOccupancyIntegrationTests extends ChannelOccupancyContract {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get(), PubSubMode.AUTO);
    }
}
