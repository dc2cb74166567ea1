package dev.realtime.autoconfigure.webmvc;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.ClientAddress;
import dev.realtime.autoconfigure.web.EndpointPath;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webmvc.RealtimeWebSocketHandler;
import dev.realtime.webmvc.RealtimeWebSocketMapping;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * WebSocket endpoint of an application with Spring MVC. It maps one path and changes nothing else, including other
 * sockets of the application.
 */
@AutoConfiguration(
        after = {RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class},
        afterName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({DispatcherServlet.class, RealtimeWebSocketMapping.class})
@ConditionalOnNode
public final class RealtimeWebMvcAutoConfiguration {

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
            OriginRule originRule) {
        return new RealtimeWebSocketMapping(
                EndpointPath.check("realtime.websocket.path", properties.path()),
                RealtimeWebSocketMapping.DEFAULT_ORDER,
                handler,
                originRule,
                node::admits,
                new RefusalLog(refusal -> node.statistics().refused(refusal, "")));
    }

    @Bean
    @ConditionalOnChoice(RunTimeChoice.WEBSOCKET)
    ClientAddress realtimeClientAddress(
            RealtimeWebSocketProperties properties,
            RealtimeClientProperties clientProperties,
            Environment environment) {
        return new ClientAddress(
                "Spring MVC",
                environment.getProperty("server.servlet.context-path", "")
                        + StringUtils.trimTrailingCharacter(environment.getProperty("spring.mvc.servlet.path", ""), '/')
                        + properties.path(),
                clientProperties.allowedOrigins(),
                environment);
    }
}
