package dev.realtime.autoconfigure;

/** Check of the configuration of one part of the server, which runs before the node is made. */
@FunctionalInterface
public interface ConfigurationCheck {

    /** @throws InvalidRealtimePropertyException if the server cannot work with the configuration */
    void check();
}
