package dev.realtime.webmvc;

import dev.realtime.spi.transport.CompressionContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

class TomcatCompressionTests extends CompressionContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS.withCompression(MIN_SIZE));
        server = WebServer.tomcat("", Endpoint.of(handler));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
