package dev.realtime.engine.redis;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.BrokerModelContract;
import dev.realtime.spi.engine.EngineUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandaloneBrokerModelIntegrationTests extends BrokerModelContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Override
    protected EngineUnderTest underTest() {
        return RedisEngineUnderTest.on(redis.get());
    }

    @Override
    protected int sequences() {
        return 60;
    }

    @Override
    protected boolean isTimeVirtual() {
        return false;
    }
}
