package dev.realtime.api.data;

/**
 * Numbers of clients and users in a channel.
 *
 * @param clients connections
 * @param users distinct user ids; all anonymous connections count as one user
 */
public record PresenceStats(int clients, int users) {}
