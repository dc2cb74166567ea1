package dev.realtime.api;

/**
 * Description of a node.
 *
 * @param id unique for the life of the process
 * @param name for people
 * @param version of this software
 * @param clients connections
 * @param users distinct user ids connected
 * @param subscriptions connection and channel pairs
 * @param channels channels with at least one subscriber
 * @param uptimeSeconds since the node started
 */
public record NodeDescription(
        String id,
        String name,
        String version,
        int clients,
        int users,
        int subscriptions,
        int channels,
        long uptimeSeconds) {}
