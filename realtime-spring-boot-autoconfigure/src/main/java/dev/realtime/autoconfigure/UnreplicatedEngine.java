package dev.realtime.autoconfigure;

import dev.realtime.api.channel.PublishAck;

/** Channels that ask for replicas beside an engine that has none: every publish would fail. */
final class UnreplicatedEngine {

    private static final String CHANNEL = "realtime.channel.";

    private UnreplicatedEngine() {}

    /** @throws InvalidRealtimePropertyException if the publishes of a namespace are to be acknowledged by a replica */
    static void refuse(RealtimeChannelProperties channel) {
        refuse("without-namespace", channel.withoutNamespace());
        channel.namespaces().forEach((name, namespace) -> refuse("namespaces." + name, namespace));
    }

    private static void refuse(String path, RealtimeChannelProperties.Namespace namespace) {
        if (namespace.publishAck() == PublishAck.REPLICATED) {
            String property = CHANNEL + path + ".publish-ack";
            throw new InvalidRealtimePropertyException(
                    property,
                    "`%s` is `replicated` but `realtime.engine` is `memory`, which has no replicas."
                            .formatted(property),
                    "Set `realtime.engine=redis`, or remove `%s`.".formatted(property));
        }
    }
}
