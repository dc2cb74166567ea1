package dev.realtime.actuate;

import dev.realtime.api.NodeDescription;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Overview of all nodes.
 *
 * @param nodes the running nodes
 * @param connections on all of them
 * @param channels with a subscriber
 * @param subscriptions connection and channel pairs
 * @param namespaces that have channels, by name
 * @param largestChannels by subscribers, at most {@value #LARGEST}
 * @param port port of its own at which the node that replies serves clients ({@code realtime.server.port});
 *     {@code null} for none, negative while it is closed
 */
public record RealtimeOverview(
        List<NodeDescription> nodes,
        int connections,
        int channels,
        int subscriptions,
        List<NamespaceLoad> namespaces,
        List<ChannelLoad> largestChannels,
        @Nullable Integer port) {

    static final int LARGEST = 20;

    /**
     * Channels of one namespace.
     *
     * @param name {@code (none)} for channels without one
     */
    public record NamespaceLoad(String name, int channels, int subscriptions) {}

    /** Subscribers of one channel, on all nodes. */
    public record ChannelLoad(String name, int subscribers) {}

    static RealtimeOverview of(
            @Nullable Integer port,
            List<NodeDescription> nodes,
            Map<String, Integer> subscribers,
            Function<String, String> namespaceOf) {
        return new RealtimeOverview(
                nodes,
                nodes.stream().mapToInt(NodeDescription::clients).sum(),
                subscribers.size(),
                sum(List.copyOf(subscribers.entrySet())),
                namespaces(subscribers, namespaceOf),
                largest(subscribers),
                port);
    }

    private static List<NamespaceLoad> namespaces(
            Map<String, Integer> subscribers, Function<String, String> namespaceOf) {
        return subscribers.entrySet().stream()
                .collect(Collectors.groupingBy(channel -> namespaceOf.apply(channel.getKey())))
                .entrySet()
                .stream()
                .map(namespace -> new NamespaceLoad(
                        namespace.getKey(), namespace.getValue().size(), sum(namespace.getValue())))
                .sorted(Comparator.comparing(NamespaceLoad::name))
                .toList();
    }

    private static int sum(List<Map.Entry<String, Integer>> channels) {
        return channels.stream().mapToInt(Map.Entry::getValue).sum();
    }

    private static List<ChannelLoad> largest(Map<String, Integer> subscribers) {
        return subscribers.entrySet().stream()
                .map(channel -> new ChannelLoad(channel.getKey(), channel.getValue()))
                .sorted(Comparator.comparingInt(ChannelLoad::subscribers)
                        .reversed()
                        .thenComparing(ChannelLoad::name))
                .limit(LARGEST)
                .toList();
    }
}
