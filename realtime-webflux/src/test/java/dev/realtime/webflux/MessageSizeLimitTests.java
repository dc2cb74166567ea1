package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.web.WebSocketOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.reactive.HandlerMapping;

/** A message size limit above what the servers have themselves holds on each of them. */
@ExtendWith(BufferLeaks.class)
class MessageSizeLimitTests {

    private static final int LIMIT = 200_000;

    /** Servers under the endpoint. */
    private enum Server {
        REACTOR_NETTY,
        TOMCAT,
        JETTY,
        JETTY_CORE;

        WebServer start(HandlerMapping mapping) throws Exception {
            return switch (this) {
                case REACTOR_NETTY -> WebServer.reactorNetty(mapping);
                case TOMCAT -> WebServer.tomcat(mapping);
                case JETTY -> WebServer.jetty(mapping);
                case JETTY_CORE -> WebServer.jettyCore(mapping);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void messageOfTheLimitPassesAndOneByteMoreCloses(Server kind) throws Exception {
        List<RecordingListener> accepted = new CopyOnWriteArrayList<>();
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withMessageSizeLimit(LIMIT);
        try (RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(
                        transport -> {
                            RecordingListener listener = new RecordingListener(transport);
                            accepted.add(listener);
                            return listener;
                        },
                        options);
                WebServer server = kind.start(Endpoint.of(handler, options));
                RawWebSocketClient client =
                        RawWebSocketClient.connect(server.port(), RealtimeWebSocketMapping.DEFAULT_PATH)) {
            client.sendText("a".repeat(LIMIT));
            await().untilAsserted(() -> assertThat(accepted)
                    .hasSize(1)
                    .allSatisfy(listener -> assertThat(listener.messages()).containsExactly("a".repeat(LIMIT))));

            client.sendText("a".repeat(LIMIT + 1));

            assertThat(client.read().closeCode()).isEqualTo(1009);
        }
    }
}
