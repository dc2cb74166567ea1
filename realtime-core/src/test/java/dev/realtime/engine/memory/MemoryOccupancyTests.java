package dev.realtime.engine.memory;

import dev.realtime.spi.engine.ChannelOccupancyContract;
import dev.realtime.spi.engine.EngineUnderTest;

class MemoryOccupancyTests extends ChannelOccupancyContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
