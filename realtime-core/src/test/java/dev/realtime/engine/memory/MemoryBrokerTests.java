package dev.realtime.engine.memory;

import dev.realtime.spi.engine.BrokerContract;
import dev.realtime.spi.engine.EngineUnderTest;

class MemoryBrokerTests extends BrokerContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
