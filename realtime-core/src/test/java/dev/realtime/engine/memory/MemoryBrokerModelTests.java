package dev.realtime.engine.memory;

import dev.realtime.engine.BrokerModelContract;
import dev.realtime.engine.EngineUnderTest;

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
