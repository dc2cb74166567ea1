package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.AllowedOrigins;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import dev.realtime.autoconfigure.webflux.ClientEndpoints;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.server.HttpServer;

/** The server of the port, where its libraries are on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({RealtimeWebSocketHandler.class, NettyReactiveWebServerFactory.class, HttpServer.class})
@ConditionalOnChoice(RunTimeChoice.SERVER)
@EnableConfigurationProperties(RealtimeServerProperties.class)
class ReactorNettyServerConfiguration {

    @Bean
    RealtimeServer realtimeServer(
            RealtimeServerProperties properties,
            RealtimeWebSocketProperties webSocketProperties,
            RealtimeClientProperties clientProperties,
            RealtimeNode node,
            ObjectProvider<RealtimeWebSocketHandler> handler,
            ObjectProvider<OriginRule> originRule,
            ObjectProvider<WebSocketOptions> webSocketOptions,
            ObjectProvider<SslBundles> sslBundles,
            ConfigurableApplicationContext context) {
        WebSocketOptions options = webSocketOptions.getIfAvailable(() -> webSocketProperties.options(clientProperties));
        ServerEndpoints endpoints = new ServerEndpoints(
                new ClientEndpoints(node, webSocketProperties)
                        .enabled(
                                // On Reactor Netty it has no threads that would have to be stopped.
                                handler.getIfAvailable(() -> new RealtimeWebSocketHandler(node::accept, options)),
                                originRule.getIfAvailable(() -> AllowedOrigins.rule(clientProperties)),
                                options),
                context);
        return new RealtimeServer(
                ServerPort.number(properties, context),
                properties,
                endpoints,
                clientProperties.allowedOrigins(),
                sslBundles.getIfAvailable(),
                context);
    }
}
