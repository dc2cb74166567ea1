package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.transport.BufferLeaks;
import dev.realtime.transport.RawWebSocketClient;
import dev.realtime.transport.RawWebSocketClient.Frame;
import dev.realtime.transport.Transport;
import dev.realtime.transport.TransportListener;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that throws where it must not costs one connection, which is told so. */
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

    private static void assertThatItIsToldOfAnError(RawWebSocketClient client) throws Exception {
        Frame close = client.read();
        assertThat(close.closeCode()).isEqualTo(3004);
        assertThat(close.closeReason()).isEqualTo("internal server error");
        client.sendClose(3004);
        assertThat(client.ended()).isTrue();
    }
}
