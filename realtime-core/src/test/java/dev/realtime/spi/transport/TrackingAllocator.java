package dev.realtime.spi.transport;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Allocator that knows which of its buffers were not released, and can be made to fail. For one thread. */
public final class TrackingAllocator extends AbstractByteBufAllocator {

    private final List<ByteBuf> allocated = new ArrayList<>();

    private Runnable beforeAllocation = () -> {};

    /** Runs this before each allocation; it may throw. */
    public void beforeAllocation(Runnable action) {
        beforeAllocation = action;
    }

    /** Returns the buffers that are not released yet. */
    public List<ByteBuf> held() {
        allocated.removeIf(buffer -> buffer.refCnt() == 0);
        return List.copyOf(allocated);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        beforeAllocation.run();
        return track(UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        beforeAllocation.run();
        return track(UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity));
    }

    private ByteBuf track(ByteBuf buffer) {
        allocated.add(buffer);
        return buffer;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
