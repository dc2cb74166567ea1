package dev.realtime.observation;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.handler.HandlerOutcome;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/** Context of the observation of one handler call. */
public final class HandlerObservationContext extends Observation.Context {

    private final String handler;

    private final String kind;

    private final @Nullable String channel;

    private final ClientIdentity client;

    private @Nullable HandlerOutcome outcome;

    HandlerObservationContext(String handler, String kind, @Nullable String channel, ClientIdentity client) {
        this.handler = handler;
        this.kind = kind;
        this.channel = channel;
        this.client = client;
    }

    /**
     * Returns the handler method.
     *
     * @return class and name, as in the meter {@code realtime.handler.calls}
     */
    public String handler() {
        return handler;
    }

    /**
     * Returns the kind of the method.
     *
     * @return the kind, for instance {@code rpc}
     */
    public String kind() {
        return kind;
    }

    /**
     * Returns the channel.
     *
     * @return name of the channel, {@code null} if the method is not for channels
     */
    public @Nullable String channel() {
        return channel;
    }

    /**
     * Returns the client.
     *
     * @return the client; its user id is empty while it connects
     */
    public ClientIdentity client() {
        return client;
    }

    /**
     * Returns the outcome of the call.
     *
     * @return the outcome, {@code null} while the call runs
     */
    public @Nullable HandlerOutcome outcome() {
        return outcome;
    }

    void ended(HandlerOutcome outcome) {
        this.outcome = outcome;
    }
}
