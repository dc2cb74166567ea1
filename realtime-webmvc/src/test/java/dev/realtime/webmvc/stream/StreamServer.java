package dev.realtime.webmvc.stream;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.TestServer;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.EmulationNode;
import dev.realtime.web.stream.EmulationRules;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.web.stream.StreamRules;
import dev.realtime.webmvc.EndpointMapping;
import dev.realtime.webmvc.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** An endpoint of streams on a real container. */
final class StreamServer implements TestServer {

    private static final StreamOptions WITHOUT_TIMEOUT = StreamOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);

    /** Way to start a container. */
    interface Container {

        WebServer start(EndpointMapping mapping) throws Exception;
    }

    /** The containers. */
    enum Kind implements Container {
        TOMCAT,
        JETTY;

        @Override
        public WebServer start(EndpointMapping mapping) throws Exception {
            return this == TOMCAT ? WebServer.tomcat("", mapping) : WebServer.jetty("", mapping);
        }
    }

    private final StreamConnector connector;

    private final WebServer server;

    private StreamServer(StreamConnector connector, WebServer server) {
        this.connector = connector;
        this.server = server;
    }

    /** Serves HTTP streams without a write timeout. */
    static StreamServer start(Kind server, Function<Transport, TransportListener> node) throws Exception {
        return start(server, StreamKind.HTTP_STREAM, WITHOUT_TIMEOUT, node, () -> true, List.of());
    }

    static StreamServer start(
            Container server,
            StreamKind kind,
            StreamOptions options,
            Function<Transport, TransportListener> node,
            BooleanSupplier admission,
            List<String> allowedOrigins)
            throws Exception {
        StreamConnector connector = new StreamConnector(node);
        StreamEndpoint endpoint = new StreamEndpoint(
                new StreamRules(kind, options, ProtocolLimits.DEFAULTS, channel -> true, admission),
                new OriginRule(allowedOrigins),
                connector,
                new RefusalLog(limit -> {}));
        return new StreamServer(
                connector,
                server.start(new RealtimeStreamMapping(kind.defaultPath(), EndpointMapping.DEFAULT_ORDER, endpoint)));
    }

    /** Serves posted commands. */
    static TestServer emulation(Kind server, EmulationNode node, Duration bodyTimeout, String allowedOrigin)
            throws Exception {
        EmulationEndpoint endpoint = new EmulationEndpoint(
                new EmulationRules(new BodyLimits(65_536, bodyTimeout), node),
                new OriginRule(List.of(allowedOrigin)),
                new RefusalLog(limit -> {}));
        return server.start(
                new RealtimeStreamMapping(EmulationRules.DEFAULT_PATH, EndpointMapping.DEFAULT_ORDER, endpoint));
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        connector.close();
    }
}
