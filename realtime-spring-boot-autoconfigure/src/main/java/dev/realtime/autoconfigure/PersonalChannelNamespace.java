package dev.realtime.autoconfigure;

import dev.realtime.channel.Namespaces;

/** Namespace of the personal channels, which must exist before the first user connects. */
final class PersonalChannelNamespace {

    private static final String PROPERTY =
            "realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace";

    private PersonalChannelNamespace() {}

    /** @throws InvalidRealtimePropertyException if users are to have personal channels in a namespace that does not exist */
    static void check(RealtimeClientProperties client, Namespaces namespaces) {
        RealtimeClientProperties.PersonalChannel personal = client.subscribeToUserPersonalChannel();
        String namespace = personal.personalChannelNamespace();
        if (!personal.enabled() || namespace.isEmpty()) {
            return;
        }
        if (namespaces.find(namespace + namespaces.rules().namespaceBoundary()).isEmpty()) {
            throw new InvalidRealtimePropertyException(
                    PROPERTY,
                    "`%s` is `%s`, but there is no namespace of that name, so no user could connect."
                            .formatted(PROPERTY, namespace),
                    ("Add `realtime.channel.namespaces.%1$s` with at least one option, for instance"
                                    + " `realtime.channel.namespaces.%1$s.presence=true`, or correct the name.")
                            .formatted(namespace));
        }
    }
}
