package dev.realtime.webmvc;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.OpeningHandshake;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.WebSocketOptions;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Mapping of the path of the unidirectional WebSocket endpoint, and nothing else. */
public final class RealtimeUniWebSocketMapping extends EndpointMapping implements AutoCloseable {

    /** Default path of the endpoint. */
    public static final String DEFAULT_PATH = "/connection/uni_websocket";

    private final RealtimeWebSocketHandler handler;

    /**
     * @param path exact path of the endpoint, below the context path
     * @param order among the handler mappings of the application
     * @param node accepts clients, usually {@code RealtimeNode::accept}
     * @param admission whether the node accepts another client now, usually {@code RealtimeNode::admits}; status 503 if
     *     not
     * @param refusals log and count of handshakes that are refused
     */
    public RealtimeUniWebSocketMapping(
            String path,
            int order,
            Function<Transport, TransportListener> node,
            OriginRule originRule,
            BooleanSupplier admission,
            RefusalLog refusals,
            WebSocketOptions options,
            UniWebSocketOptions uniOptions,
            ProtocolLimits limits) {
        this(
                path,
                order,
                new OpeningHandshake(originRule, admission),
                refusals,
                RealtimeWebSocketHandler.unidirectional(node, options, uniOptions, limits));
    }

    private RealtimeUniWebSocketMapping(
            String path, int order, OpeningHandshake handshake, RefusalLog refusals, RealtimeWebSocketHandler handler) {
        super(Map.of(path, new WebSocketEndpoint(handshake, refusals, handler)), order);
        this.handler = handler;
    }

    /** Cuts the connections that are still open, and ends the threads. */
    @Override
    public void close() {
        handler.close();
    }
}
