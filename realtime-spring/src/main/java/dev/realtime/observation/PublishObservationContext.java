package dev.realtime.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/** One call of {@link dev.realtime.api.RealtimePublisher}, for conventions and handlers of observations. */
public final class PublishObservationContext extends Observation.Context {

    private final String operation;

    private final @Nullable String channel;

    PublishObservationContext(String operation, @Nullable String channel) {
        this.operation = operation;
        this.channel = channel;
    }

    /** Returns {@code publish}, {@code broadcast} or {@code publish-to-user}. */
    public String operation() {
        return operation;
    }

    /** Returns the channel, {@code null} where there are several. */
    public @Nullable String channel() {
        return channel;
    }
}
