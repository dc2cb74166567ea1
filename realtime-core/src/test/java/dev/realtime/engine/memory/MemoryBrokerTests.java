package dev.realtime.engine.memory;

import dev.realtime.engine.BrokerContract;
import dev.realtime.engine.EngineUnderTest;

class MemoryBrokerTests extends BrokerContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
