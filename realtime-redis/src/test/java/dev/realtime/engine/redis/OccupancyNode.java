package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.get;

import dev.realtime.spi.engine.RecordingNodeHandler;
import dev.realtime.spi.engine.RecordingOccupancyListener;

/** A started node that records its occupancy events. */
final class OccupancyNode {

    final RecordingOccupancyListener listener = new RecordingOccupancyListener();

    private final RedisEngine engine;

    private final StartedEngine started;

    OccupancyNode(RedisEngine engine, String nodeId) {
        this.engine = engine;
        engine.occupancy().start(listener);
        this.started = new StartedEngine(engine, nodeId);
    }

    RecordingNodeHandler node() {
        return started.node;
    }

    void occupy(String channel) {
        get(engine.occupancy().occupy(channel));
    }

    void vacate(String channel) {
        get(engine.occupancy().vacate(channel));
    }

    void stop() {
        started.stop();
    }
}
