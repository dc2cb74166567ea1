package dev.realtime.autoconfigure;

import dev.realtime.failure.ConfigurationProblemException;

/** Check of the configuration of one part of the server, which runs before the node is made. */
@FunctionalInterface
public interface ConfigurationCheck {

    /** @throws ConfigurationProblemException if the server cannot work with the configuration */
    void check();
}
