package dev.realtime.autoconfigure.engine;

import dev.realtime.api.channel.PublishAck;
import dev.realtime.autoconfigure.RealtimeChannelProperties;
import dev.realtime.failure.ConfigurationProblemException;

/** Check for channels that need replicas with an engine that has none: every publish would fail. */
final class UnreplicatedEngineCheck {

    private static final String CHANNEL = "realtime.channel.";

    private UnreplicatedEngineCheck() {}

    /** @throws ConfigurationProblemException if the publishes of a namespace are to be acknowledged by a replica */
    static void check(RealtimeChannelProperties channel) {
        check("without-namespace", channel.withoutNamespace());
        channel.namespaces().forEach((name, namespace) -> check("namespaces." + name, namespace));
    }

    private static void check(String path, RealtimeChannelProperties.Namespace namespace) {
        if (namespace.publishAck() == PublishAck.REPLICATED) {
            String property = CHANNEL + path + ".publish-ack";
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `replicated` but `realtime.engine` is `memory`, which has no replicas."
                            .formatted(property),
                    "Set `realtime.engine=redis`, or remove `%s`.".formatted(property));
        }
    }
}
