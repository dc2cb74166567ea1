package dev.realtime.engine.redis;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.spi.engine.ControlBusContract;
import dev.realtime.spi.engine.EngineUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisClusterPlainControlBusIntegrationTests extends ControlBusContract {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get(), PubSubMode.PLAIN);
    }
}
