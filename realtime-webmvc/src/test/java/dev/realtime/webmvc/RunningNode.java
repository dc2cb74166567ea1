package dev.realtime.webmvc;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.Transport;
import dev.realtime.web.WebSocketOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.web.servlet.HandlerMapping;
import reactor.core.scheduler.Schedulers;

/** A node behind the endpoint of a servlet container, for tests with many clients. */
final class RunningNode implements AutoCloseable {

    /** Containers, with small send buffers: what the kernel holds for a client is no memory of the JVM. */
    enum Server {
        TOMCAT {
            @Override
            WebServer start(HandlerMapping mapping) throws Exception {
                return WebServer.tomcat(
                        "", mapping, connector -> connector.setProperty("socket.txBufSize", String.valueOf(BUFFER)));
            }
        },
        JETTY {
            @Override
            WebServer start(HandlerMapping mapping) throws Exception {
                return WebServer.jetty("", mapping, connector -> connector.setAcceptedSendBufferSize(BUFFER));
            }
        };

        private static final int BUFFER = 16_384;

        abstract WebServer start(HandlerMapping mapping) throws Exception;
    }

    private final Queue<Transport> transports = new ConcurrentLinkedQueue<>();

    private final RealtimeNode node;

    private final RealtimeWebSocketHandler handler;

    private final WebServer server;

    RunningNode(Server kind, ClientOptions.Builder options) throws Exception {
        node = RealtimeNode.builder(
                        new NodeOptions("clients", "test", Duration.ofSeconds(1), Duration.ofSeconds(2)),
                        new Namespaces(
                                ChannelNameRules.DEFAULTS,
                                ChannelOptions.builder().subscribeAccess(ANYONE).build(),
                                Map.of(),
                                null),
                        new MemoryEngine(Duration.ofMinutes(1), Schedulers.newSingle("engine", true)),
                        value -> Payload.ofText("\"" + value + "\""))
                .clientOptions(options.allowAnonymousConnectWithoutToken(true).build())
                .build();
        node.start().block();
        handler = new RealtimeWebSocketHandler(
                transport -> {
                    transports.add(transport);
                    return node.accept(transport);
                },
                WebSocketOptions.DEFAULTS);
        server = kind.start(Endpoint.of(handler, node::admits));
        // The first request of a container initializes the servlet.
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            client("first", 0).close();
            return true;
        });
        await().until(() -> node.statistics().connections() == 0);
    }

    RealtimeNode node() {
        return node;
    }

    void publish(String channel, String text) {
        node.publisher().publish(channel, text).block();
    }

    /** Returns the largest number of bytes that wait for one client. */
    long maxQueuedBytes() throws Exception {
        long max = 0;
        for (Transport transport : transports) {
            max = Math.max(
                    max, transport.executor().submit(transport::queuedBytes).get());
        }
        return max;
    }

    /**
     * Returns a client with a subscription.
     *
     * @param bufferBytes of its socket; zero for the default
     */
    RawWebSocketClient client(String channel, int bufferBytes) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.connect(
                RawWebSocketClient.socket(server.port(), bufferBytes), RealtimeWebSocketMapping.DEFAULT_PATH);
        client.sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        assertThat(client.read().text()).contains("\"connect\"");
        assertThat(client.read().text()).contains("\"subscribe\"");
        return client;
    }

    @Override
    public void close() {
        server.close();
        handler.close();
        node.stop().block();
    }
}
