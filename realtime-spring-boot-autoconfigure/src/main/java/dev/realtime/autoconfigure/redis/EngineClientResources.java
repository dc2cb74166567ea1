package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.options.LettuceOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Threads and timers of the engine's Lettuce client: those of the application, if it uses Lettuce too, with the
 * settings of the engine. If the web server has its own event loops, the client shares those instead.
 */
public final class EngineClientResources implements DisposableBean {

    private final ClientResources resources;

    private final CommandLatency latency;

    /** Resources that end with this bean; {@code null} if the threads belong to the application. */
    private final @Nullable ClientResources owned;

    /**
     * @param shared the application's, {@code null} if it has none
     * @param serverLoops to run on instead of Lettuce's, {@code null} if there are none
     */
    EngineClientResources(
            @Nullable ClientResources shared, @Nullable EventLoopGroupProvider serverLoops, Duration writeTimeout) {
        ClientResources original = shared != null ? shared : DefaultClientResources.create();
        this.owned = shared != null ? null : original;
        this.latency = new CommandLatency(original.commandLatencyRecorder());
        this.resources = LettuceOptions.apply(original.mutate(), original, writeTimeout)
                // Named once more, since a mutated builder would make new threads for some of them and end others of
                // the original.
                .eventLoopGroupProvider(serverLoops != null ? serverLoops : original.eventLoopGroupProvider())
                .eventExecutorGroup(original.eventExecutorGroup())
                .timer(original.timer())
                .commandLatencyRecorder(latency)
                .build();
    }

    ClientResources resources() {
        return resources;
    }

    public CommandLatency latency() {
        return latency;
    }

    @Override
    public void destroy() throws InterruptedException {
        resources.shutdown(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
        if (owned != null) {
            owned.shutdown(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
        }
    }
}
