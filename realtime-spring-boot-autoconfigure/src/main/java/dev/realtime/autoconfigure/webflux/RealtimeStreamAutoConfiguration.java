package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.EndpointPath;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeUniSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.autoconfigure.web.StreamProperties;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.HandshakeRefusals;
import dev.realtime.webflux.RealtimeUniWebSocketMapping;
import dev.realtime.webflux.stream.EmulationEndpoint;
import dev.realtime.webflux.stream.RealtimeStreamMapping;
import dev.realtime.webflux.stream.StreamConnector;
import dev.realtime.webflux.stream.StreamEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Endpoints of a reactive web application for clients that cannot use the WebSocket: HTTP streaming and server-sent
 * events with the endpoint for their commands, and the unidirectional transports. Each is mapped to one path if it is
 * enabled.
 */
@AutoConfiguration(after = RealtimeWebFluxAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass({DispatcherHandler.class, StreamEndpoint.class})
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties({
    RealtimeHttpStreamProperties.class,
    RealtimeSseProperties.class,
    RealtimeEmulationProperties.class,
    RealtimeUniHttpStreamProperties.class,
    RealtimeUniSseProperties.class,
    RealtimeUniWebSocketProperties.class
})
public final class RealtimeStreamAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    StreamConnector realtimeStreamConnector(RealtimeNode node) {
        return new StreamConnector(node::accept);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeHttpStreamMapping")
    @ConditionalOnChoice(RunTimeChoice.HTTP_STREAM)
    RealtimeStreamMapping realtimeHttpStreamMapping(
            RealtimeHttpStreamProperties properties,
            RealtimeNode node,
            StreamConnector connector,
            OriginRule originRule) {
        return mapping(properties, node, connector, originRule);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeSseMapping")
    @ConditionalOnChoice(RunTimeChoice.SSE)
    RealtimeStreamMapping realtimeSseMapping(
            RealtimeSseProperties properties, RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        return mapping(properties, node, connector, originRule);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeUniHttpStreamMapping")
    @ConditionalOnChoice(RunTimeChoice.UNI_HTTP_STREAM)
    RealtimeStreamMapping realtimeUniHttpStreamMapping(
            RealtimeUniHttpStreamProperties properties,
            RealtimeNode node,
            StreamConnector connector,
            OriginRule originRule) {
        return mapping(properties, node, connector, originRule);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeUniSseMapping")
    @ConditionalOnChoice(RunTimeChoice.UNI_SSE)
    RealtimeStreamMapping realtimeUniSseMapping(
            RealtimeUniSseProperties properties, RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        return mapping(properties, node, connector, originRule);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeEmulationMapping")
    @ConditionalOnChoice(RunTimeChoice.EMULATION)
    RealtimeStreamMapping realtimeEmulationMapping(
            RealtimeEmulationProperties properties, RealtimeNode node, OriginRule originRule) {
        return new RealtimeStreamMapping(
                properties.checkedPath(),
                RealtimeStreamMapping.DEFAULT_ORDER,
                new EmulationEndpoint(properties.limits(), node::emulate, originRule, refusals(node)));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnChoice(RunTimeChoice.UNI_WEBSOCKET)
    RealtimeUniWebSocketMapping realtimeUniWebSocketMapping(
            RealtimeUniWebSocketProperties properties,
            RealtimeClientProperties clientProperties,
            RealtimeNode node,
            OriginRule originRule) {
        String prefix = RealtimeUniWebSocketProperties.PREFIX;
        int messageBytes = PropertyRules.positiveBytes(
                prefix + "message-size-limit", properties.messageSizeLimit(), "so no client could send anything");
        WebSocketOptions options = new WebSocketOptions(
                messageBytes,
                PropertyRules.notNegative(prefix + "write-timeout", properties.writeTimeout()),
                properties.compression(),
                PropertyRules.notNegativeBytes(prefix + "compression-min-size", properties.compressionMinSize()),
                clientProperties.pingInterval(),
                clientProperties.pongTimeout());
        return new RealtimeUniWebSocketMapping(
                EndpointPath.check(prefix + "path", properties.path()),
                RealtimeUniWebSocketMapping.DEFAULT_ORDER,
                node::accept,
                originRule,
                node::admits,
                new HandshakeRefusals(refusal -> node.statistics().refused(refusal, "")),
                options,
                new UniWebSocketOptions(
                        properties.joinPushMessages(),
                        properties.disableClosingHandshake(),
                        properties.disableDisconnectPush()),
                node.protocolLimits());
    }

    private static RealtimeStreamMapping mapping(
            StreamProperties properties, RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        StreamEndpoint endpoint = new StreamEndpoint(
                properties.kind(),
                properties.options(),
                connector,
                originRule,
                node.protocolLimits(),
                channel -> node.namespaces().find(channel).isPresent(),
                node::admits,
                refusals(node));
        return new RealtimeStreamMapping(properties.checkedPath(), RealtimeStreamMapping.DEFAULT_ORDER, endpoint);
    }

    private static RefusalLog refusals(RealtimeNode node) {
        return new RefusalLog(limit -> node.statistics().refused(limit, ""));
    }
}
