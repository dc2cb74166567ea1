package dev.realtime.webflux;

import static dev.realtime.spi.transport.TransportCalls.queuedBytes;
import static dev.realtime.spi.transport.TransportCalls.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportContract;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The transport on the channel of Reactor Netty. */
class NettyTransportTests extends TransportContract {

    private final List<Channel> channels = new CopyOnWriteArrayList<>();

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);
        handler = new RealtimeWebSocketHandler(node, options);
        server = WebServer.reactorNetty(
                Endpoint.of(handler, options),
                http -> http.doOnConnection(connection -> channels.add(connection.channel())));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }

    @Test
    void channelKeepsOnlyTheHandlersItNeeds() throws Exception {
        client();
        RecordingListener listener = listener();

        Channel channel = channels.get(channels.size() - 1);

        assertThat(listener.transport().executor()).isSameAs(channel.eventLoop());
        // The handler that keeps early bytes goes when the handshake is over, a moment after the listener is there.
        await().untilAsserted(() -> assertThat(channel.pipeline().names())
                .containsExactly(
                        "wsencoder",
                        "realtime.frameDecoder",
                        "realtime.inboundFrames",
                        "reactor.right.reactiveBridge",
                        "DefaultChannelPipeline$TailContext#0"));
    }

    @Test
    void clientThatDoesNotAnswerTheCloseFrameIsCutAfterFiveSeconds() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        long begin = System.nanoTime();

        run(listener, transport -> transport.close(Disconnect.STALE));

        assertThat(client.read().closeCode()).isEqualTo(3502);
        assertThat(client.ended()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
        await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    @Test
    void pongsDoNotPileUpForAClientThatDoesNotRead() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        ByteArrayOutputStream thousandPings = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            thousandPings.writeBytes(RawWebSocketClient.maskedFrame(0x89, new byte[125]));
        }

        for (int i = 0; i < 100; i++) {
            client.sendBytes(thousandPings.toByteArray());
        }
        client.sendText("{}");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(listener.messages()).hasSize(1));
        assertThat(queuedBytes(listener)).isLessThan(100_000);
    }
}
