package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.BrokerContract;
import dev.realtime.spi.engine.EngineUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandaloneShardedBrokerIntegrationTests extends BrokerContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get(), PubSubMode.SHARDED);
    }
}
