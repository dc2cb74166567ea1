package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandaloneSharedOccupancyIntegrationTests extends SharedOccupancyContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Override
    RedisEngineUnderTest underTest(Duration lease) {
        return RedisEngineUnderTest.withLease(RedisTopology.STANDALONE, redis.get(), lease);
    }
}
