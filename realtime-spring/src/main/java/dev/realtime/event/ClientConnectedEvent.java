package dev.realtime.event;

import dev.realtime.api.client.ClientIdentity;

/**
 * Event: a client has connected to this node.
 *
 * @param client the client
 */
public record ClientConnectedEvent(ClientIdentity client) implements RealtimeEvent {}
