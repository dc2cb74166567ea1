package dev.realtime.autoconfigure.redis;

import dev.realtime.actuate.EngineHealth;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.monitor.RedisStatus;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Details of the Redis engine in health. */
public final class RedisEngineHealth implements EngineHealth {

    private final RedisEngine engine;

    public RedisEngineHealth(RedisEngine engine) {
        this.engine = engine;
    }

    @Override
    public State state() {
        RedisStatus status = engine.status();
        return new State(status.working(), details(status));
    }

    static Map<String, Object> details(RedisStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (status.problem() != null) {
            details.put("problem", status.problem());
        }
        details.put("mode", status.topology().name().toLowerCase(Locale.ROOT));
        details.put("pubsub", status.sharded() ? "sharded" : "plain");
        details.put("prefix", status.prefix());
        details.put("layoutVersion", status.layoutVersion());
        details.put("partitions", status.partitions());
        details.put("primaries", status.primaries());
        details.put("slotsCovered", status.slotsCovered());
        details.put(
                "subscriptions",
                Map.of("wanted", status.wantedSubscriptions(), "confirmed", status.confirmedSubscriptions()));
        if (status.lastProbe() != null) {
            details.put("lastProbe", status.lastProbe().toMillis() + "ms ago");
        }
        details.put("rollbackSeenBy", status.generationWatched() ? "generation" : "fingerprint");
        return details;
    }
}
