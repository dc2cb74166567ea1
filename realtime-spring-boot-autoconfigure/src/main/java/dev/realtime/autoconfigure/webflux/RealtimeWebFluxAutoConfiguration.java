package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.ClientAddress;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import dev.realtime.webflux.RealtimeWebSocketMapping;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.DispatcherHandler;
import reactor.netty.resources.LoopResources;

/**
 * WebSocket endpoint of a reactive web application. It maps one path and changes nothing else, including other sockets
 * of the application. With {@code realtime.websocket.enabled=false} the handler remains, for a mapping of the
 * application.
 */
@AutoConfiguration(
        after = {RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration",
            "org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration"
        })
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass({DispatcherHandler.class, RealtimeWebSocketHandler.class})
@ConditionalOnNode
public final class RealtimeWebFluxAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeWebSocketHandler realtimeWebSocketHandler(RealtimeNode node, WebSocketOptions options) {
        return new RealtimeWebSocketHandler(node::accept, options);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnChoice(RunTimeChoice.WEBSOCKET)
    RealtimeWebSocketMapping realtimeWebSocketMapping(
            RealtimeWebSocketProperties properties,
            RealtimeNode node,
            RealtimeWebSocketHandler handler,
            OriginRule originRule,
            WebSocketOptions options) {
        return new ClientEndpoints(node, properties).webSocket(handler, originRule, options);
    }

    @Bean
    @ConditionalOnChoice(RunTimeChoice.WEBSOCKET)
    ClientAddress realtimeClientAddress(
            RealtimeWebSocketProperties properties,
            RealtimeClientProperties clientProperties,
            Environment environment) {
        return new ClientAddress(
                "Spring WebFlux",
                environment.getProperty("spring.webflux.base-path", "") + properties.path(),
                clientProperties.allowedOrigins(),
                environment);
    }

    /** Keeps the types of Reactor Netty from being loaded where they are missing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({NettyReactiveWebServerFactory.class, LoopResources.class})
    @ConditionalOnBean(NettyReactiveWebServerFactory.class)
    @EnableConfigurationProperties(RealtimeServerProperties.class)
    static class ReactorNettyServer {

        @Bean
        ServerEventLoops realtimeServerEventLoops(
                RealtimeServerProperties properties, ObjectProvider<ReactorResourceFactory> resources) {
            return new ServerEventLoops(resources, properties);
        }
    }
}
