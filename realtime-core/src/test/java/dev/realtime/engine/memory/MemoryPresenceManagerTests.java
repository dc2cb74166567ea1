package dev.realtime.engine.memory;

import dev.realtime.spi.engine.EngineUnderTest;
import dev.realtime.spi.engine.PresenceManagerContract;

class MemoryPresenceManagerTests extends PresenceManagerContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
