package dev.realtime.event;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;

/**
 * Event: a client that was connected to this node is gone.
 *
 * @param client the client
 * @param disconnect code and reason; {@link Disconnect#CONNECTION_CLOSED} if the client or the network closed the
 *     connection
 */
public record ClientDisconnectedEvent(ClientIdentity client, Disconnect disconnect) implements RealtimeEvent {}
