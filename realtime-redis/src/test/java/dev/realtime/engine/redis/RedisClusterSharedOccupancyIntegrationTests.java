package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisClusterSharedOccupancyIntegrationTests extends SharedOccupancyContract {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    RedisEngineUnderTest underTest(Duration lease) {
        return RedisEngineUnderTest.withLease(RedisTopology.CLUSTER, redis.get(), lease);
    }
}
