package dev.realtime.webflux.stream;

import dev.realtime.spi.transport.StreamTransportContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The stream on the channel of Reactor Netty. */
class ReactorNettyStreamTransportTests extends StreamTransportContract {

    private StreamServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        server = StreamServer.start(StreamServer.Kind.REACTOR_NETTY, node);
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
    }
}
