package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.web.EndpointPath;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.HandshakeRefusals;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import dev.realtime.webflux.RealtimeWebSocketMapping;
import java.util.ArrayList;
import java.util.List;

/**
 * Endpoints at which clients connect, made of the properties. They are the same on the port of the application and on a
 * port of their own, and do not include the HTTP API.
 */
public final class ClientEndpoints {

    private final RealtimeNode node;

    private final RealtimeWebSocketProperties webSocket;

    /** @param node accepts the clients */
    public ClientEndpoints(RealtimeNode node, RealtimeWebSocketProperties webSocket) {
        this.node = node;
        this.webSocket = webSocket;
    }

    /**
     * Returns the endpoints that are enabled.
     *
     * @throws ConfigurationProblemException if a property is refused
     */
    public List<ClientEndpoint> enabled(
            RealtimeWebSocketHandler handler, OriginRule originRule, WebSocketOptions options) {
        List<ClientEndpoint> endpoints = new ArrayList<>();
        if (webSocket.enabled()) {
            endpoints.add(new ClientEndpoint("WebSocket", webSocket(handler, originRule, options)));
        }
        return endpoints;
    }

    RealtimeWebSocketMapping webSocket(
            RealtimeWebSocketHandler handler, OriginRule originRule, WebSocketOptions options) {
        return new RealtimeWebSocketMapping(
                EndpointPath.check(RealtimeWebSocketProperties.PREFIX + "path", webSocket.path()),
                RealtimeWebSocketMapping.DEFAULT_ORDER,
                handler,
                originRule,
                node::admits,
                new HandshakeRefusals(refusal -> node.statistics().refused(refusal, "")),
                options);
    }
}
