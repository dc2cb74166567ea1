package dev.realtime.autoconfigure;

import dev.realtime.channel.Namespaces;
import dev.realtime.failure.ConfigurationProblemException;

/** Check of the personal channels, whose namespace must exist before the first user connects. */
final class PersonalChannelCheck {

    private static final String PROPERTY =
            "realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace";

    private static final String SINGLE_CONNECTION =
            "realtime.client.subscribe-to-user-personal-channel.single-connection";

    private PersonalChannelCheck() {}

    /**
     * Checks that personal channels can work.
     *
     * @throws ConfigurationProblemException if the namespace of personal channels does not exist, or single
     *     connections are wanted and other connections of a user could not be found
     */
    static void check(RealtimeClientProperties client, Namespaces namespaces) {
        RealtimeClientProperties.PersonalChannel personal = client.subscribeToUserPersonalChannel();
        String namespace = personal.personalChannelNamespace();
        if (personal.enabled() && !namespace.isEmpty()) {
            refuseMissing(namespace, namespaces);
        }
        if (!personal.singleConnection()) {
            return;
        }
        if (!personal.enabled()) {
            throw new ConfigurationProblemException(
                    SINGLE_CONNECTION,
                    "`%s` is true but users have no personal channels, by whose presence other connections are found."
                            .formatted(SINGLE_CONNECTION),
                    "Set `realtime.client.subscribe-to-user-personal-channel.enabled=true`, or remove it.");
        }
        String prefix =
                namespace.isEmpty() ? "" : namespace + namespaces.rules().namespaceBoundary();
        if (namespaces.find(prefix).stream()
                .noneMatch(channel -> channel.options().presence())) {
            String path = namespace.isEmpty()
                    ? "realtime.channel.without-namespace.presence"
                    : "realtime.channel.namespaces." + namespace + ".presence";
            throw new ConfigurationProblemException(
                    SINGLE_CONNECTION,
                    "`%s` is true but `%s` is not, so other connections of a user could not be found."
                            .formatted(SINGLE_CONNECTION, path),
                    "Set `%s=true`, or remove `%s`.".formatted(path, SINGLE_CONNECTION));
        }
    }

    private static void refuseMissing(String namespace, Namespaces namespaces) {
        if (namespaces.find(namespace + namespaces.rules().namespaceBoundary()).isEmpty()) {
            throw new ConfigurationProblemException(
                    PROPERTY,
                    "`%s` is `%s`, but there is no namespace of that name, so no user could connect."
                            .formatted(PROPERTY, namespace),
                    ("Add `realtime.channel.namespaces.%1$s` with at least one option, for instance"
                                    + " `realtime.channel.namespaces.%1$s.presence=true`, or correct the name.")
                            .formatted(namespace));
        }
    }
}
