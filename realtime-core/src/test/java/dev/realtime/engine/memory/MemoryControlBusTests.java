package dev.realtime.engine.memory;

import dev.realtime.engine.ControlBusContract;
import dev.realtime.engine.EngineUnderTest;

class MemoryControlBusTests extends ControlBusContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
