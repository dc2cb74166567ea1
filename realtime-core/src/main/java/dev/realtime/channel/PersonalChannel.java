package dev.realtime.channel;

/** The channel that each user has for itself. */
public final class PersonalChannel {

    private PersonalChannel() {}

    /**
     * Returns its name: the user boundary and the user, after the namespace if there is one.
     *
     * @param namespace namespace of the personal channels; empty for none
     */
    public static String name(String namespace, ChannelNameRules rules, String userId) {
        String own = rules.userBoundary() + userId;
        return namespace.isEmpty() ? own : namespace + rules.namespaceBoundary() + own;
    }
}
