package dev.realtime.api.data;

import org.jspecify.annotations.Nullable;

/**
 * Information about a client that others in a channel may see.
 *
 * @param userId the user, empty for anonymous
 * @param clientId the connection
 * @param connectionInfo given when the client connected, {@code null} if nothing was
 * @param channelInfo given when it subscribed to the channel, {@code null} if nothing was
 */
public record ClientInfo(
        String userId,
        String clientId,
        @Nullable Payload connectionInfo,
        @Nullable Payload channelInfo) {}
