package dev.realtime.webflux.stream;

import dev.realtime.spi.transport.StreamTransportContract;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;

/** The stream through a response of Reactor Netty. */
class AccessLoggedStreamTransportTests extends StreamTransportContract {

    private StreamServer server;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        server = StreamServer.start(StreamServer.Kind.REACTOR_NETTY_WITH_ACCESS_LOG, node);
        return server.port();
    }

    @AfterAll
    void stop() {
        server.close();
    }
}
