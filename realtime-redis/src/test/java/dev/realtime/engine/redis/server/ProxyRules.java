package dev.realtime.engine.redis.server;

import dev.realtime.engine.redis.server.FaultProxy.Direction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a {@link FaultProxy} does to bytes at this moment. */
final class ProxyRules {

    final Set<Direction> held = EnumSet.noneOf(Direction.class);

    final Set<Direction> swallowed = EnumSet.noneOf(Direction.class);

    final Map<Direction, Duration> delays = new EnumMap<>(Direction.class);

    void clear() {
        held.clear();
        swallowed.clear();
        delays.clear();
    }

    long delayNanos(Direction direction) {
        return delays.getOrDefault(direction, Duration.ZERO).toNanos();
    }
}
