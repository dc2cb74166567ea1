package dev.realtime.webmvc.stream;

import dev.realtime.spi.transport.StreamTransportContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The stream as the response to an asynchronous request of Jetty. */
class JettyStreamTests extends StreamTransportContract {

    private StreamServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        server = StreamServer.start(StreamServer.Kind.JETTY, node);
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
    }
}
