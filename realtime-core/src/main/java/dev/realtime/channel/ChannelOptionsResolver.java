package dev.realtime.channel;

import java.util.Optional;

/**
 * Gives the options of a namespace at run time; beats static configuration where it answers. Called on event loops for
 * many commands: must answer at once from memory.
 */
@FunctionalInterface
public interface ChannelOptionsResolver {

    /**
     * Options of a namespace, or empty to leave it to the configuration.
     *
     * @param namespace empty for channels without one
     */
    Optional<ChannelOptions> resolve(String namespace);
}
