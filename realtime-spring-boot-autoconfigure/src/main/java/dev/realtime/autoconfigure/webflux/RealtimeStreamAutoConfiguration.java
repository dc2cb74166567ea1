package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeUniSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.webflux.RealtimeUniWebSocketMapping;
import dev.realtime.webflux.stream.RealtimeStreamMapping;
import dev.realtime.webflux.stream.StreamConnector;
import dev.realtime.webflux.stream.StreamEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
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
@ConditionalOnNode
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
    @ConditionalOnMissingBean
    StreamEndpoints realtimeStreamEndpoints(RealtimeNode node, StreamConnector connector, OriginRule originRule) {
        return new StreamEndpoints(node, connector, originRule);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeHttpStreamMapping")
    @ConditionalOnChoice(RunTimeChoice.HTTP_STREAM)
    RealtimeStreamMapping realtimeHttpStreamMapping(
            RealtimeHttpStreamProperties properties, StreamEndpoints endpoints) {
        return endpoints.stream(properties);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeSseMapping")
    @ConditionalOnChoice(RunTimeChoice.SSE)
    RealtimeStreamMapping realtimeSseMapping(RealtimeSseProperties properties, StreamEndpoints endpoints) {
        return endpoints.stream(properties);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeUniHttpStreamMapping")
    @ConditionalOnChoice(RunTimeChoice.UNI_HTTP_STREAM)
    RealtimeStreamMapping realtimeUniHttpStreamMapping(
            RealtimeUniHttpStreamProperties properties, StreamEndpoints endpoints) {
        return endpoints.stream(properties);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeUniSseMapping")
    @ConditionalOnChoice(RunTimeChoice.UNI_SSE)
    RealtimeStreamMapping realtimeUniSseMapping(RealtimeUniSseProperties properties, StreamEndpoints endpoints) {
        return endpoints.stream(properties);
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeEmulationMapping")
    @ConditionalOnChoice(RunTimeChoice.EMULATION)
    RealtimeStreamMapping realtimeEmulationMapping(RealtimeEmulationProperties properties, StreamEndpoints endpoints) {
        return endpoints.emulation(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnChoice(RunTimeChoice.UNI_WEBSOCKET)
    RealtimeUniWebSocketMapping realtimeUniWebSocketMapping(
            RealtimeUniWebSocketProperties properties,
            RealtimeClientProperties clientProperties,
            StreamEndpoints endpoints) {
        return endpoints.uniWebSocket(properties, clientProperties);
    }
}
