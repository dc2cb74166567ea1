package dev.realtime.webflux.stream;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.TestServer;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.web.stream.StreamRules;
import dev.realtime.webflux.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.netty.http.server.HttpServer;

/** Server of a test with one endpoint for streams at its default path. */
final class StreamServer implements TestServer {

    static final StreamOptions WITHOUT_TIMEOUT = StreamOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);

    /** Server that an endpoint runs on. */
    enum Kind {
        REACTOR_NETTY,
        /** With a handler that wants to see the response, so that the channel is not taken. */
        REACTOR_NETTY_WITH_ACCESS_LOG,
        TOMCAT,
        JETTY,
        JETTY_CORE;

        WebServer start(RealtimeStreamMapping mapping) throws Exception {
            return switch (this) {
                case REACTOR_NETTY -> WebServer.reactorNetty(mapping);
                case REACTOR_NETTY_WITH_ACCESS_LOG ->
                    WebServer.reactorNetty(mapping, http -> http.accessLog(true, log -> null));
                case TOMCAT -> WebServer.tomcat(mapping);
                case JETTY -> WebServer.jetty(mapping);
                case JETTY_CORE -> WebServer.jettyCore(mapping);
            };
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
        return start(server, StreamKind.HTTP_STREAM, WITHOUT_TIMEOUT, node, () -> true);
    }

    static StreamServer start(
            Kind server,
            StreamKind kind,
            StreamOptions options,
            Function<Transport, TransportListener> node,
            BooleanSupplier admission,
            String... allowedOrigins)
            throws Exception {
        StreamConnector connector = new StreamConnector(node);
        return new StreamServer(connector, server.start(mapping(kind, options, connector, admission, allowedOrigins)));
    }

    /** Serves HTTP streams without a write timeout on a customized Reactor Netty. */
    static StreamServer start(Function<Transport, TransportListener> node, UnaryOperator<HttpServer> customizer) {
        StreamConnector connector = new StreamConnector(node);
        return new StreamServer(
                connector,
                WebServer.reactorNetty(
                        mapping(StreamKind.HTTP_STREAM, WITHOUT_TIMEOUT, connector, () -> true), customizer));
    }

    private static RealtimeStreamMapping mapping(
            StreamKind kind,
            StreamOptions options,
            StreamConnector connector,
            BooleanSupplier admission,
            String... allowedOrigins) {
        StreamEndpoint endpoint = new StreamEndpoint(
                new StreamRules(kind, options, ProtocolLimits.DEFAULTS, channel -> true, admission),
                new OriginRule(List.of(allowedOrigins)),
                connector,
                new RefusalLog(limit -> {}));
        return new RealtimeStreamMapping(kind.defaultPath(), RealtimeStreamMapping.DEFAULT_ORDER, endpoint);
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
