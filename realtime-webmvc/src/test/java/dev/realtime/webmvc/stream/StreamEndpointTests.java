package dev.realtime.webmvc.stream;

import dev.realtime.spi.transport.StreamEndpointContract;
import dev.realtime.spi.transport.TestServer;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.ConnectCodeResponses;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The endpoints that open streams on each servlet container. */
@ParameterizedClass
@EnumSource
class StreamEndpointTests extends StreamEndpointContract {

    @Parameter
    private StreamServer.Kind kind;

    @Override
    protected TestServer start(Settings settings, Function<Transport, TransportListener> node) throws Exception {
        return StreamServer.start(
                kind,
                StreamKind.valueOf(settings.transport().toUpperCase(Locale.ROOT)),
                StreamOptions.DEFAULTS
                        .withBody(new BodyLimits(65_536, settings.bodyTimeout()))
                        .withResponses(new ConnectCodeResponses(settings.decidesFirst(), settings.statuses())),
                node,
                settings.admission(),
                settings.allowedOrigins());
    }

    /** Containers read nothing from a connection while its request is processed asynchronously. */
    @Override
    protected boolean noticesLostClients() {
        return false;
    }
}
