package dev.realtime.protocol;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * Message that the server sends without a command. {@link #channel()} is empty where the push belongs to no channel.
 */
public sealed interface Push {

    /** Channel it belongs to, empty for the connection as a whole. */
    default String channel() {
        return "";
    }

    /** A publication arrived. */
    record Pub(String channel, Publication publication) implements Push {}

    /** A client entered the channel. */
    record Join(String channel, ClientInfo info) implements Push {}

    /** A client left the channel. */
    record Leave(String channel, ClientInfo info) implements Push {}

    /** The server ended a subscription. */
    record Unsubscribed(String channel, Unsubscribe unsubscribe) implements Push {}

    /**
     * The server subscribed the client; {@code position} is the top of the stream, sent when positioned or recoverable.
     */
    record Subscribed(
            String channel,
            boolean recoverable,
            boolean positioned,
            StreamPosition position,
            @Nullable Payload data) implements Push {}

    /** Data for this client alone, outside channels. */
    record Message(Payload data) implements Push {}

    /** First push of a unidirectional connection. */
    record Connected(Result.Connect result) implements Push {}

    /** The server ends a connection whose transport has no close code. */
    record Disconnected(Disconnect disconnect) implements Push {}

    /** The deadline of the connection moved. */
    record Refreshed(boolean expires, int ttlSeconds) implements Push {}
}
