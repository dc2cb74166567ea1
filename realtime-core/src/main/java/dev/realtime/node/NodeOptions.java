package dev.realtime.node;

import java.time.Duration;

/**
 * How one server presents and ends itself.
 *
 * @param name for people; unique among the nodes of an application
 * @param version of this software, told to clients
 * @param shutdownTimeout how long closing the connections may take
 */
public record NodeOptions(String name, String version, Duration shutdownTimeout) {}
