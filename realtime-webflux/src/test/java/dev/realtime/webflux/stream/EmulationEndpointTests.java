package dev.realtime.webflux.stream;

import dev.realtime.spi.transport.EmulationEndpointContract;
import dev.realtime.spi.transport.TestServer;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.EmulationRules;
import dev.realtime.webflux.WebServer;
import java.time.Duration;
import java.util.List;

/** The endpoint for posted commands on Reactor Netty. */
class EmulationEndpointTests extends EmulationEndpointContract {

    @Override
    protected TestServer start(Node node, Duration bodyTimeout, String allowedOrigin) {
        EmulationEndpoint endpoint = new EmulationEndpoint(
                new EmulationRules(new BodyLimits(65_536, bodyTimeout), node::emulate),
                new OriginRule(List.of(allowedOrigin)),
                new RefusalLog(limit -> {}));
        return WebServer.reactorNetty(
                new RealtimeStreamMapping(EmulationRules.DEFAULT_PATH, RealtimeStreamMapping.DEFAULT_ORDER, endpoint));
    }
}
