package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelFixtures;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Invalidation by one of two nodes, which the subscribers of both hear once, on each topology of Redis. */
class InvalidationIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> standalone = RedisExtension.standalone();

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> sentinel = RedisExtension.sentinel();

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.cluster();

    private static final Duration NO_TIME = Duration.ofMillis(10);

    private static final String INVALIDATED =
            "{\"push\":{\"channel\":\"news\",\"unsubscribe\":{\"code\":2502,\"reason\":\"state invalidated\"}}}";

    private final EventExecutor executor = new DefaultEventExecutor();

    @AfterEach
    void stop() {
        executor.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void reachesSubscribersOfBothNodesOverOneServer() {
        reachesSubscribersOfBothNodesOnce(RedisEngineUnderTest.on(standalone.get()));
    }

    @Test
    void reachesSubscribersOfBothNodesOverSentinel() {
        reachesSubscribersOfBothNodesOnce(RedisEngineUnderTest.on(sentinel.get()));
    }

    @Test
    void reachesSubscribersOfBothNodesOverACluster() {
        reachesSubscribersOfBothNodesOnce(RedisEngineUnderTest.on(cluster.get(), PubSubMode.AUTO));
    }

    @Test
    void reachesSubscribersOfBothNodesOverAClusterWithPlainPubSub() {
        reachesSubscribersOfBothNodesOnce(RedisEngineUnderTest.on(cluster.get(), PubSubMode.PLAIN));
    }

    private void reachesSubscribersOfBothNodesOnce(RedisEngineUnderTest engines) {
        RealtimeNode first = node("first", engines.engine());
        RealtimeNode second = node("second", engines.another());
        try {
            eventually(() -> assertThat(get(first.channels().list(""))).isEmpty());
            Subscriber atFirst = new Subscriber(first);
            Subscriber atSecond = new Subscriber(second);

            get(first.channels().invalidate("news"));
            eventually(() -> assertThat(atSecond.received()).contains(INVALIDATED));
            // It has the same way as the first: what arrives of the other channel shows that no second one comes.
            get(first.channels().invalidate("end"));

            for (Subscriber subscriber : List.of(atFirst, atSecond)) {
                eventually(() -> assertThat(subscriber.received())
                        .containsExactly(INVALIDATED, INVALIDATED.replace("news", "end")));
            }
        } finally {
            get(first.stop());
            get(second.stop());
            engines.close();
        }
    }

    private static RealtimeNode node(String name, RedisEngine engine) {
        ChannelOptions open =
                ChannelOptions.builder().subscribeAccess(ChannelFixtures.ANYONE).build();
        RealtimeNode node = RealtimeNode.builder(
                        new NodeOptions(name, "", NO_TIME, NO_TIME),
                        new Namespaces(ChannelNameRules.DEFAULTS, open, Map.of(), null),
                        engine,
                        value -> Payload.ofText(value.toString()))
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .build())
                .build();
        get(node.start());
        return node;
    }

    /** Client that is subscribed to two channels, with everything it received since. */
    private final class Subscriber {

        private final ScriptedTransport transport = new ScriptedTransport(
                executor,
                WireForm.JSON_WEBSOCKET,
                new TransportDescription("scripted", TransportCapabilities.WEBSOCKET, null, Map.of(), "", ""));

        private final List<String> received = new CopyOnWriteArrayList<>();

        Subscriber(RealtimeNode node) {
            executor.submit(() -> {
                        TransportListener connection = node.accept(transport);
                        connection.onMessage(Unpooled.wrappedBuffer("""
                                {"id":1,"connect":{}}
                                {"id":2,"subscribe":{"channel":"news"}}
                                {"id":3,"subscribe":{"channel":"end"}}""".getBytes(StandardCharsets.UTF_8)));
                    })
                    .syncUninterruptibly();
            eventually(() -> assertThat(received()).hasSize(3));
            received.clear();
        }

        List<String> received() {
            received.addAll(executor.submit(transport::takeReceived).syncUninterruptibly().getNow().stream()
                    .map(message -> new String(message, StandardCharsets.UTF_8))
                    .toList());
            return received;
        }
    }
}
