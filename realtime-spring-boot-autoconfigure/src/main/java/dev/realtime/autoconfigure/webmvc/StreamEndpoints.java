package dev.realtime.autoconfigure.webmvc;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.autoconfigure.web.StreamProperties;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.webmvc.RealtimeUniWebSocketMapping;
import dev.realtime.webmvc.stream.EmulationEndpoint;
import dev.realtime.webmvc.stream.RealtimeStreamMapping;
import dev.realtime.webmvc.stream.StreamConnector;
import dev.realtime.webmvc.stream.StreamEndpoint;

/**
 * Endpoints for clients that do not use the WebSocket of the SDKs, made of the properties.
 */
final class StreamEndpoints {

    private final RealtimeNode node;

    private final StreamConnector connector;

    private final OriginRule originRule;

    /** @param node accepts the clients */
    StreamEndpoints(RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        this.node = node;
        this.connector = connector;
        this.originRule = originRule;
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
                refusals(),
                properties.options(clientProperties),
                properties.uniOptions(),
                node.protocolLimits());
    }

    private RefusalLog refusals() {
        return new RefusalLog(limit -> node.statistics().refused(limit, ""));
    }
}
