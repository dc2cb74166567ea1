package dev.realtime.engine.memory;

import dev.realtime.spi.engine.ControlBusContract;
import dev.realtime.spi.engine.EngineUnderTest;

class MemoryControlBusTests extends ControlBusContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
