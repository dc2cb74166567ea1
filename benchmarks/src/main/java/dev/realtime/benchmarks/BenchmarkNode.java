package dev.realtime.benchmarks;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import java.time.Duration;
import java.util.Map;
import reactor.core.scheduler.Schedulers;

/** A node with the memory engine that takes anonymous clients. */
final class BenchmarkNode {

    private BenchmarkNode() {}

    /**
     * @param open options of channels without a namespace
     * @param namespaces options of the others, by namespace
     */
    static RealtimeNode with(ChannelOptions open, Map<String, ChannelOptions> namespaces) {
        return RealtimeNode.builder(
                        new NodeOptions("benchmark", "0", Duration.ZERO, Duration.ofSeconds(5)),
                        new Namespaces(ChannelNameRules.DEFAULTS, open, namespaces, null),
                        new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel()),
                        value -> (Payload) value)
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .build())
                .build();
    }
}
