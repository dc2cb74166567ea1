package dev.realtime.node;

import java.time.Duration;

/**
 * How one server presents and ends itself.
 *
 * @param name for people; unique among the nodes of an application
 * @param version of this software, told to clients
 * @param shutdownSpread over how long many connections are closed, so that they do not come back together; zero for at once
 * @param shutdownTimeout how long closing the connections may take, the spread included
 */
public record NodeOptions(String name, String version, Duration shutdownSpread, Duration shutdownTimeout) {}
