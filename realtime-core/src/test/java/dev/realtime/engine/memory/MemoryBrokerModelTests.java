package dev.realtime.engine.memory;

import dev.realtime.spi.engine.BrokerModelContract;
import dev.realtime.spi.engine.EngineUnderTest;

class MemoryBrokerModelTests extends BrokerModelContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }

    @Override
    protected int sequences() {
        return 2_000;
    }

    @Override
    protected boolean isTimeVirtual() {
        return true;
    }
}
