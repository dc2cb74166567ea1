package dev.realtime.webmvc.stream;

import dev.realtime.spi.transport.EmulationEndpointContract;
import dev.realtime.spi.transport.TestServer;
import java.time.Duration;

/** The endpoint for posted commands on Tomcat. */
class TomcatEmulationEndpointTests extends EmulationEndpointContract {

    @Override
    protected TestServer start(Node node, Duration bodyTimeout, String allowedOrigin) throws Exception {
        return StreamServer.emulation(StreamServer.Kind.TOMCAT, node::emulate, bodyTimeout, allowedOrigin);
    }
}
