package dev.realtime.event;

import dev.realtime.api.client.ClientIdentity;

/** A client connected to this node. */
public record ClientConnectedEvent(ClientIdentity client) implements RealtimeEvent {}
