package dev.realtime.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/** Context of the observation of one call of {@link dev.realtime.api.RealtimePublisher}. */
public final class PublishObservationContext extends Observation.Context {

    private final String operation;

    private final @Nullable String channel;

    PublishObservationContext(String operation, @Nullable String channel) {
        this.operation = operation;
        this.channel = channel;
    }

    /**
     * Returns the operation.
     *
     * @return {@code publish}, {@code broadcast} or {@code publish-to-user}
     */
    public String operation() {
        return operation;
    }

    /**
     * Returns the channel.
     *
     * @return name of the channel, {@code null} if there are several
     */
    public @Nullable String channel() {
        return channel;
    }
}
