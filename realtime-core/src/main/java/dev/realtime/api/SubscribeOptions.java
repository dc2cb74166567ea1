package dev.realtime.api;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * Options of a subscription made by the server.
 *
 * @param connections which connections of the user
 * @param info what others in the channel see of the client; an object or raw bytes, {@code null} for nothing
 * @param data for the client, with the subscribe push; an object or raw bytes, {@code null} for nothing
 * @param recoverSince position from which the client is to continue; {@code null} for the top of the stream
 * @param expireAtSeconds Unix time at which the subscription ends; 0 for never
 * @param overrides options of the namespace replaced for this subscription
 */
public record SubscribeOptions(
        ConnectionFilter connections,
        @Nullable Object info,
        @Nullable Object data,
        @Nullable StreamPosition recoverSince,
        long expireAtSeconds,
        SubscribeOverrides overrides) {

    /** All connections, nothing else. */
    public static final SubscribeOptions DEFAULTS =
            new SubscribeOptions(ConnectionFilter.ALL, null, null, null, 0, SubscribeOverrides.NONE);
}
