package dev.realtime.webmvc;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportContract;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The transport on Tomcat. */
class TomcatTransportTests extends TransportContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO));
        server = WebServer.tomcat("", Endpoint.of(handler));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
