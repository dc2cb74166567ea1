package dev.realtime.engine.memory;

import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.OccupancyListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The occupied channels of a single node. */
final class MemoryOccupancy implements ChannelOccupancy {

    private final Set<String> occupied = ConcurrentHashMap.newKeySet();

    /** Set before the first channel. */
    private volatile @Nullable OccupancyListener listener;

    @Override
    public void start(OccupancyListener listener) {
        this.listener = listener;
    }

    @Override
    public Mono<Void> occupy(String channel) {
        return Mono.fromRunnable(() -> {
            OccupancyListener told = listener;
            if (occupied.add(channel) && told != null) {
                told.onOccupied(channel);
            }
        });
    }

    @Override
    public Mono<Void> vacate(String channel) {
        return Mono.fromRunnable(() -> {
            OccupancyListener told = listener;
            if (occupied.remove(channel) && told != null) {
                told.onVacated(channel);
            }
        });
    }
}
