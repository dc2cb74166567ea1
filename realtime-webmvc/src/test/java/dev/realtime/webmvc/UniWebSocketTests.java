package dev.realtime.webmvc;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.TestServer;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.UniWebSocketContract;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.WebSocketOptions;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The unidirectional WebSocket on servlet containers. */
@ParameterizedClass
@EnumSource
class UniWebSocketTests extends UniWebSocketContract {

    enum Server {
        TOMCAT,
        JETTY
    }

    @Parameter
    private Server kind;

    @Override
    protected TestServer start(Settings settings, Function<Transport, TransportListener> node) throws Exception {
        RealtimeUniWebSocketMapping mapping = new RealtimeUniWebSocketMapping(
                RealtimeUniWebSocketMapping.DEFAULT_PATH,
                RealtimeUniWebSocketMapping.DEFAULT_ORDER,
                node,
                new OriginRule(List.of()),
                () -> true,
                new RefusalLog(refusal -> {}),
                WebSocketOptions.DEFAULTS.withPings(settings.pingInterval(), settings.pongTimeout()),
                new UniWebSocketOptions(
                        settings.joinPushMessages(),
                        settings.disableClosingHandshake(),
                        settings.disableDisconnectPush()),
                ProtocolLimits.DEFAULTS);
        WebServer server = kind == Server.TOMCAT ? WebServer.tomcat("", mapping) : WebServer.jetty("", mapping);
        return new WebServer(server.port(), () -> {
            server.close();
            mapping.close();
        });
    }

    @Override
    protected boolean flushesBeforeAbort() {
        return kind == Server.TOMCAT;
    }
}
