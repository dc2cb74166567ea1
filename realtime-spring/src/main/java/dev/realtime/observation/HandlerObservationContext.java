package dev.realtime.observation;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.handler.HandlerOutcome;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/** One call of a handler method, for conventions and handlers of observations. */
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

    /** Returns class and name of the method, as in {@code realtime.handler.calls}. */
    public String handler() {
        return handler;
    }

    /** Returns what the method is for, as its annotation says: for instance {@code rpc}. */
    public String kind() {
        return kind;
    }

    /** Returns the channel, {@code null} where the method is not about one. */
    public @Nullable String channel() {
        return channel;
    }

    /** Returns the client that the method is called for; its user id is empty while it connects. */
    public ClientIdentity client() {
        return client;
    }

    /** Returns how the call ended, {@code null} while it has not. */
    public @Nullable HandlerOutcome outcome() {
        return outcome;
    }

    void ended(HandlerOutcome outcome) {
        this.outcome = outcome;
    }
}
