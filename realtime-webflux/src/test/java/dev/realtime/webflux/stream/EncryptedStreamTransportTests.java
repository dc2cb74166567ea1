package dev.realtime.webflux.stream;

import dev.realtime.spi.transport.StreamTransportContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.webflux.SelfSigned;
import java.io.IOException;
import java.net.Socket;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The stream on the channel of Reactor Netty, below TLS. */
class EncryptedStreamTransportTests extends StreamTransportContract {

    private final SelfSigned certificate = SelfSigned.forLocalhost();

    private StreamServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) {
        server = StreamServer.start(node, http -> http.secure(tls -> tls.sslContext(certificate.server())));
        return server.port();
    }

    @Override
    protected Socket layer(Socket socket) throws IOException {
        return certificate.client().createSocket(socket, "localhost", socket.getPort(), true);
    }

    @AfterAll
    void stop() {
        server.close();
    }
}
