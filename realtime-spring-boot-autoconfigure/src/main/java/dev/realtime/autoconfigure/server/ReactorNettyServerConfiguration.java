package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.AllowedOrigins;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeUniSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import dev.realtime.autoconfigure.web.StreamProperties;
import dev.realtime.autoconfigure.webflux.ClientEndpoint;
import dev.realtime.autoconfigure.webflux.ClientEndpoints;
import dev.realtime.autoconfigure.webflux.StreamEndpoints;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import dev.realtime.webflux.stream.StreamConnector;
import java.util.ArrayList;
import java.util.List;
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
@EnableConfigurationProperties({
    RealtimeServerProperties.class,
    RealtimeHttpStreamProperties.class,
    RealtimeSseProperties.class,
    RealtimeEmulationProperties.class,
    RealtimeUniHttpStreamProperties.class,
    RealtimeUniSseProperties.class,
    RealtimeUniWebSocketProperties.class
})
class ReactorNettyServerConfiguration {

    @Bean
    RealtimeServer realtimeServer(
            RealtimeServerProperties properties,
            RealtimeWebSocketProperties webSocketProperties,
            RealtimeClientProperties clientProperties,
            List<StreamProperties> streamProperties,
            RealtimeEmulationProperties emulationProperties,
            RealtimeUniWebSocketProperties uniWebSocketProperties,
            RealtimeNode node,
            ObjectProvider<RealtimeWebSocketHandler> handler,
            ObjectProvider<StreamConnector> connector,
            ObjectProvider<OriginRule> originRules,
            ObjectProvider<WebSocketOptions> webSocketOptions,
            ObjectProvider<SslBundles> sslBundles,
            ConfigurableApplicationContext context) {
        WebSocketOptions options = webSocketOptions.getIfAvailable(() -> webSocketProperties.options(clientProperties));
        OriginRule originRule = originRules.getIfAvailable(() -> AllowedOrigins.rule(clientProperties));
        // On Reactor Netty neither handler nor connector has threads that would have to be stopped.
        List<ClientEndpoint> endpoints = new ArrayList<>(new ClientEndpoints(node, webSocketProperties)
                .enabled(
                        handler.getIfAvailable(() -> new RealtimeWebSocketHandler(node::accept, options)),
                        originRule,
                        options));
        endpoints.addAll(
                new StreamEndpoints(node, connector.getIfAvailable(() -> new StreamConnector(node::accept)), originRule)
                        .enabled(streamProperties, emulationProperties, uniWebSocketProperties, clientProperties));
        return new RealtimeServer(
                ServerPort.number(properties, context),
                properties,
                new ServerEndpoints(endpoints, context),
                clientProperties.allowedOrigins(),
                sslBundles.getIfAvailable(),
                context);
    }
}
