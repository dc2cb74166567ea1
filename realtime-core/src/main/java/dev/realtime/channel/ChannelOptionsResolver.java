package dev.realtime.channel;

import java.util.Optional;

/**
 * Gives the options of a namespace at run time; beats static configuration where it answers. Called on event loops for
 * many commands: must answer at once from memory.
 */
@FunctionalInterface
public interface ChannelOptionsResolver {

    /**
     * Options of a namespace, or empty to leave it to the configuration. Options that configuration would be refused for
     * ({@link InvalidChannelOptionsException}) are not used: the namespace does not exist then.
     *
     * @param namespace empty for channels without one; may come from a client, so any text
     */
    Optional<ChannelOptions> resolve(String namespace);
}
