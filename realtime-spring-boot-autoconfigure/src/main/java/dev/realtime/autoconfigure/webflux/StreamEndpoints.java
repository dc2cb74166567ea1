package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.autoconfigure.web.StreamProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.webflux.HandshakeRefusals;
import dev.realtime.webflux.RealtimeUniWebSocketMapping;
import dev.realtime.webflux.stream.EmulationEndpoint;
import dev.realtime.webflux.stream.RealtimeStreamMapping;
import dev.realtime.webflux.stream.StreamConnector;
import dev.realtime.webflux.stream.StreamEndpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Endpoints for clients that do not use the WebSocket of the SDKs, made of the properties. They are the same on the
 * port of the application and on a port of their own.
 */
public final class StreamEndpoints {

    private final RealtimeNode node;

    private final StreamConnector connector;

    private final OriginRule originRule;

    /** @param node accepts the clients */
    public StreamEndpoints(RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        this.node = node;
        this.connector = connector;
        this.originRule = originRule;
    }

    /**
     * Returns the endpoints that are enabled.
     *
     * @param streams properties of all transports that are streams
     * @throws ConfigurationProblemException if a property is refused
     */
    public List<ClientEndpoint> enabled(
            List<StreamProperties> streams,
            RealtimeEmulationProperties emulation,
            RealtimeUniWebSocketProperties uniWebSocket,
            RealtimeClientProperties clientProperties) {
        List<ClientEndpoint> endpoints = new ArrayList<>();
        boolean emulated = false;
        for (StreamProperties properties : streams) {
            if (properties.enabled()) {
                endpoints.add(new ClientEndpoint(properties.kind().title(), stream(properties)));
                emulated |= !properties.kind().isUnidirectional();
            }
        }
        if (emulated) {
            endpoints.add(new ClientEndpoint("emulation", emulation(emulation)));
        }
        if (uniWebSocket.enabled()) {
            endpoints.add(new ClientEndpoint("unidirectional WebSocket", uniWebSocket(uniWebSocket, clientProperties)));
        }
        return endpoints;
    }

    RealtimeStreamMapping stream(StreamProperties properties) {
        StreamEndpoint endpoint = new StreamEndpoint(properties.rules(node), originRule, connector, refusals());
        return new RealtimeStreamMapping(properties.checkedPath(), RealtimeStreamMapping.DEFAULT_ORDER, endpoint);
    }

    RealtimeStreamMapping emulation(RealtimeEmulationProperties properties) {
        return new RealtimeStreamMapping(
                properties.checkedPath(),
                RealtimeStreamMapping.DEFAULT_ORDER,
                new EmulationEndpoint(properties.rules(node), originRule, refusals()));
    }

    RealtimeUniWebSocketMapping uniWebSocket(
            RealtimeUniWebSocketProperties properties, RealtimeClientProperties clientProperties) {
        return new RealtimeUniWebSocketMapping(
                properties.checkedPath(),
                RealtimeUniWebSocketMapping.DEFAULT_ORDER,
                node::accept,
                originRule,
                node::admits,
                new HandshakeRefusals(refusal -> node.statistics().refused(refusal, "")),
                properties.options(clientProperties),
                properties.uniOptions(),
                node.protocolLimits());
    }

    private RefusalLog refusals() {
        return new RefusalLog(limit -> node.statistics().refused(limit, ""));
    }
}
