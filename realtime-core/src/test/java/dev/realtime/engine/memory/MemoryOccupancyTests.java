package dev.realtime.engine.memory;

import dev.realtime.engine.ChannelOccupancyContract;
import dev.realtime.engine.EngineUnderTest;

class MemoryOccupancyTests extends ChannelOccupancyContract {

    @Override
    protected EngineUnderTest underTest() {
        return new MemoryEngineUnderTest();
    }
}
