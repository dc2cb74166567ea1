package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that lets go of a buffer without releasing it. Every buffer is tracked while the class runs; at
 * its end the garbage collector has to find them all released.
 */
public final class BufferLeaks implements BeforeAllCallback, AfterAllCallback {

    private static final int ROUNDS = 5;

    private final List<String> leaks = new CopyOnWriteArrayList<>();

    private ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();

    @Override
    public void beforeAll(ExtensionContext context) {
        levelBefore = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((resourceType, records) -> leaks.add(resourceType + records));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // Leaks are noticed when a buffer is allocated after the collector has put the lost one in its queue.
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        ByteBufUtil.setLeakListener(null);
        ResourceLeakDetector.setLevel(levelBefore);
        assertThat(leaks).as("buffers not released").isEmpty();
    }
}
