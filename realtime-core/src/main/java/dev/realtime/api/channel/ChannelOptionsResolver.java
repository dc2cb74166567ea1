package dev.realtime.api.channel;

import java.util.Optional;

/**
 * Gives the options of a namespace at run time; takes precedence over static configuration where it returns some.
 * Called on event loops for many commands: must return immediately, from memory.
 */
@FunctionalInterface
public interface ChannelOptionsResolver {

    /**
     * Returns the options of a namespace, or empty to leave it to the configuration. Options that would be refused in
     * the configuration are not used: the namespace does not exist then.
     *
     * @param namespace empty for channels without one; may come from a client, so any text
     * @return the options; empty to use the configuration
     */
    Optional<ChannelOptions> resolve(String namespace);
}
