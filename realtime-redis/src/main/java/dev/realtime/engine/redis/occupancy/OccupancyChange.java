package dev.realtime.engine.redis.occupancy;

/**
 * A channel got its first subscriber on this node, or lost its last.
 *
 * @param occupied whether it has one now
 */
record OccupancyChange(String channel, boolean occupied) {}
