package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.util.NettyRuntime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that throws where it must not costs one connection, which is notified. */
@ExtendWith(BufferLeaks.class)
class FailingNodeTests {

    private enum Server {
        REACTOR_NETTY,
        TOMCAT;

        WebServer start(RealtimeWebSocketHandler handler) throws Exception {
            RealtimeWebSocketMapping mapping = Endpoint.of(handler, WebSocketOptions.DEFAULTS);
            return this == TOMCAT ? WebServer.tomcat(mapping) : WebServer.reactorNetty(mapping);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureToAcceptClosesWithServerError(Server kind) throws Exception {
        Function<Transport, TransportListener> node = transport -> {
            throw new IllegalStateException("no");
        };

        try (RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS);
                WebServer server = kind.start(handler);
                RawWebSocketClient client = RawWebSocketClient.connect(server.port(), "/connection/websocket")) {
            assertThatItIsToldOfAnError(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureInAMessageClosesWithServerErrorAndTellsTheListener(Server kind) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        TransportListener failing = new TransportListener() {

            @Override
            public void onMessage(ByteBuf frame) {
                throw new IllegalStateException("no");
            }

            @Override
            public void onClosed() {
                closed.countDown();
            }
        };

        try (RealtimeWebSocketHandler handler =
                        new RealtimeWebSocketHandler(transport -> failing, WebSocketOptions.DEFAULTS);
                WebServer server = kind.start(handler);
                RawWebSocketClient client = RawWebSocketClient.connect(server.port(), "/connection/websocket")) {
            client.sendText("{}");

            assertThatItIsToldOfAnError(client);
            assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Executors of connections without an event loop are as many as processors: each of them is hit. */
    @ParameterizedTest
    @EnumSource
    void errorInOneSessionLeavesAllOthersOfItsExecutorAlive(Server kind) throws Exception {
        int clients = 2 * NettyRuntime.availableProcessors();
        CountDownLatch served = new CountDownLatch(clients);
        TransportListener listener = new TransportListener() {

            @Override
            public void onMessage(ByteBuf frame) {
                if (frame.toString(StandardCharsets.UTF_8).equals("fail")) {
                    throw new OutOfMemoryError("Direct buffer memory");
                }
                served.countDown();
            }

            @Override
            public void onClosed() {
                throw new NoClassDefFoundError("on/Purpose");
            }
        };

        try (RealtimeWebSocketHandler handler =
                        new RealtimeWebSocketHandler(transport -> listener, WebSocketOptions.DEFAULTS);
                WebServer server = kind.start(handler)) {
            List<RawWebSocketClient> healthy = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                healthy.add(RawWebSocketClient.connect(server.port(), "/connection/websocket"));
                try (RawWebSocketClient failing = RawWebSocketClient.connect(server.port(), "/connection/websocket")) {
                    failing.sendText("fail");
                    assertThat(failing.read().closeCode()).isEqualTo(3004);
                }
            }

            for (RawWebSocketClient client : healthy) {
                client.sendText("{}");
            }

            assertThat(served.await(10, TimeUnit.SECONDS)).isTrue();
            for (RawWebSocketClient client : healthy) {
                client.close();
            }
        }
    }

    private static void assertThatItIsToldOfAnError(RawWebSocketClient client) throws Exception {
        Frame close = client.read();
        assertThat(close.closeCode()).isEqualTo(3004);
        assertThat(close.closeReason()).isEqualTo("internal server error");
        client.sendClose(3004);
        assertThat(client.ended()).isTrue();
    }
}
