package dev.realtime.webflux;

import dev.realtime.spi.transport.HostileFramesContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

class NettyHostileFramesTests extends HostileFramesContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS);
        server = WebServer.reactorNetty(Endpoint.of(handler, WebSocketOptions.DEFAULTS));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
