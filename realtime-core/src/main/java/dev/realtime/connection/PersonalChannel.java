package dev.realtime.connection;

import dev.realtime.channel.ChannelNameRules;

/** The channel that each user has for itself. */
public final class PersonalChannel {

    private PersonalChannel() {}

    /** Its name: the user boundary and the user, after the configured namespace if there is one. */
    public static String name(ClientOptions options, ChannelNameRules rules, String userId) {
        String own = rules.userBoundary() + userId;
        return options.personalChannelNamespace().isEmpty()
                ? own
                : options.personalChannelNamespace() + rules.namespaceBoundary() + own;
    }
}
