package dev.realtime.webflux;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportContract;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The transport on the channel of Reactor Netty under TLS. */
class EncryptedNettyTransportTests extends TransportContract {

    private final SelfSigned certificate = SelfSigned.forLocalhost();

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);
        handler = new RealtimeWebSocketHandler(node, options);
        server = WebServer.reactorNetty(
                Endpoint.of(handler, options), http -> http.secure(tls -> tls.sslContext(certificate.server())));
        return server.port();
    }

    @Override
    protected Socket layer(Socket socket) throws IOException {
        return certificate.client().createSocket(socket, "localhost", socket.getPort(), true);
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }
}
