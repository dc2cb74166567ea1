package dev.realtime.webflux;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.UpgradeContract;
import dev.realtime.web.WebSocketOptions;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

class TomcatUpgradeTests extends UpgradeContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS);
        server = WebServer.tomcat(Endpoint.of(handler, WebSocketOptions.DEFAULTS));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }

    @Override
    protected boolean takesUnderscores() {
        return false;
    }
}
