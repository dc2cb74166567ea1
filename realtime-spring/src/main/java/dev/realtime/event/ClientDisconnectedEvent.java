package dev.realtime.event;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;

/**
 * A client that had connected to this node is gone.
 *
 * @param disconnect why; {@link Disconnect#CONNECTION_CLOSED} if the client or the network ended it
 */
public record ClientDisconnectedEvent(ClientIdentity client, Disconnect disconnect) implements RealtimeEvent {}
