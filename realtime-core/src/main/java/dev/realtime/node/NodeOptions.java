package dev.realtime.node;

import java.time.Duration;

/**
 * Options of the name and the shutdown of a node.
 *
 * @param name for people; unique among the nodes of an application
 * @param version of this software, sent to clients
 * @param shutdownSpread over how long many connections are closed, so that they do not come back together; zero for
 *     immediately
 * @param shutdownTimeout how long closing the connections may take, the spread included
 */
public record NodeOptions(String name, String version, Duration shutdownSpread, Duration shutdownTimeout) {}
