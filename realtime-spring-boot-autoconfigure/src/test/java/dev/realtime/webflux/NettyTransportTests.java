package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.transport.Transport;
import dev.realtime.transport.TransportContract;
import dev.realtime.transport.TransportListener;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The transport on the channel of Reactor Netty. */
class NettyTransportTests extends TransportContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);
        handler = new RealtimeWebSocketHandler(node, options);
        server = WebServer.reactorNetty(Endpoint.of(handler, options));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }

    @Test
    void executorIsTheEventLoop() throws Exception {
        client();

        assertThat(listener().transport()).isInstanceOf(NettyTransport.class);
    }
}
