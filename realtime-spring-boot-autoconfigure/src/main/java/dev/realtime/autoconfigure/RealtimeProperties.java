package dev.realtime.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the server as a whole.
 *
 * @param enabled Whether the realtime server runs in this application.
 * @param strictProperties Whether a property below 'realtime' that nothing reads stops start-up. It is logged as a
 *     warning if not. Properties of the application can be below 'realtime.app'.
 * @param engine Engine that carries publications between nodes and keeps history and presence.
 * @param node How this node presents itself.
 * @param shutdown How this node ends.
 * @param memory Settings of the memory engine.
 * @param warmUp Longest time in which the server plays traffic with itself before the web server starts, so that the
 *     first clients find compiled code, such as 20s. It ends earlier when the compiler has little to do. 'off' for no
 *     warm-up.
 */
@ConfigurationProperties("realtime")
public record RealtimeProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean strictProperties,
        @DefaultValue("memory") EngineType engine,
        @DefaultValue Node node,
        @DefaultValue Shutdown shutdown,
        @DefaultValue Memory memory,
        @DefaultValue("off") String warmUp) {

    public static final String WARM_UP = "realtime.warm-up";

    static final String MEMORY_PRESENCE_TTL = "realtime.memory.presence-ttl";

    /**
     * Identity of this node.
     *
     * @param name Name of this node for people, unique among the nodes. Made of the host name and the process id if not
     *     set.
     */
    record Node(@Nullable String name) {}

    /**
     * Shutdown of this node.
     *
     * @param spread Time over which many connections are closed at shutdown, so that clients do not come back to the
     *     other nodes all together. Up to 20 connections are closed immediately, more at 200 a second or faster.
     *     Zero closes all immediately.
     * @param timeout Time that closing all connections may take at shutdown, the spread included. Should not exceed
     *     'spring.lifecycle.timeout-per-shutdown-phase'.
     */
    record Shutdown(
            @DefaultValue("5s") Duration spread,
            @DefaultValue("30s") Duration timeout) {}

    /**
     * Settings of the memory engine.
     *
     * @param presenceTtl Time a presence entry lives without being refreshed. Must exceed
     *     'realtime.client.presence-update-interval'.
     */
    record Memory(@DefaultValue("60s") Duration presenceTtl) {}

    /** Engine that carries publications between nodes and keeps history and presence. */
    public enum EngineType {
        /** Everything in this process: a single node. */
        MEMORY,
        /** Redis: any number of nodes. */
        REDIS
    }
}
