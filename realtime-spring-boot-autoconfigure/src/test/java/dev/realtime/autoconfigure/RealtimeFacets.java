package dev.realtime.autoconfigure;

import dev.realtime.autoconfigure.engine.RealtimeMemoryEngineAutoConfiguration;
import dev.realtime.autoconfigure.event.RealtimeEventsAutoConfiguration;
import dev.realtime.autoconfigure.handler.RealtimeHandlersAutoConfiguration;
import dev.realtime.autoconfigure.payload.RealtimePayloadAutoConfiguration;
import dev.realtime.autoconfigure.redis.RealtimeMissingRedisAutoConfiguration;
import dev.realtime.autoconfigure.redis.RealtimeRedisAutoConfiguration;
import dev.realtime.autoconfigure.server.RealtimeServerAutoConfiguration;
import dev.realtime.autoconfigure.startup.RealtimeStartupAutoConfiguration;
import dev.realtime.autoconfigure.token.RealtimeTokenCheckAutoConfiguration;
import dev.realtime.autoconfigure.transaction.RealtimeTransactionAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfigurations;

/** Auto-configurations that every application with a server has, for context runners. */
public final class RealtimeFacets {

    private static final Class<?>[] ALWAYS = {
        RealtimeAutoConfiguration.class,
        RealtimeEventsAutoConfiguration.class,
        RealtimeHandlersAutoConfiguration.class,
        RealtimeMemoryEngineAutoConfiguration.class,
        RealtimeMissingRedisAutoConfiguration.class,
        RealtimePayloadAutoConfiguration.class,
        RealtimeRedisAutoConfiguration.class,
        RealtimeServerAutoConfiguration.class,
        RealtimeStartupAutoConfiguration.class,
        RealtimeTokenCheckAutoConfiguration.class,
        RealtimeTransactionAutoConfiguration.class,
        RealtimeWebSocketAutoConfiguration.class
    };

    private RealtimeFacets() {}

    /** Returns them together with others, in the order that they ask for. */
    public static AutoConfigurations with(Class<?>... others) {
        return AutoConfigurations.of(
                Stream.concat(Stream.of(ALWAYS), Stream.of(others)).toArray(Class<?>[]::new));
    }
}
