package dev.realtime.webflux;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportContract;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** The transport through Spring's session, as when an application maps the handler itself on Reactor Netty. */
class ReactorNettySessionTransportTests extends TransportContract {

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS);
        server = WebServer.reactorNetty(new SimpleUrlHandlerMapping(Map.of("/connection/websocket", handler), -2));
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
