package dev.realtime.engine.memory;

import dev.realtime.engine.EngineUnderTest;
import dev.realtime.engine.PresenceManagerContract;

class MemoryPresenceManagerTests extends PresenceManagerContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
