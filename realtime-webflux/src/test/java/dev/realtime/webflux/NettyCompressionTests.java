package dev.realtime.webflux;

import dev.realtime.spi.transport.CompressionContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

class NettyCompressionTests extends CompressionContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withCompression(MIN_SIZE);
        handler = new RealtimeWebSocketHandler(node, options);
        server = WebServer.reactorNetty(Endpoint.of(handler, options));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
