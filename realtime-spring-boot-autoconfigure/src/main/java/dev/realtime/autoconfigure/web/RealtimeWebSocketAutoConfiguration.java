package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.cors.CorsConfiguration;

/** Limits of what clients may send and the rule for their origins, on every web server. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@EnableConfigurationProperties(RealtimeWebSocketProperties.class)
public final class RealtimeWebSocketAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ProtocolLimits realtimeProtocolLimits(RealtimeWebSocketProperties properties) {
        return properties.protocolLimits();
    }

    /** Keeps the types of a web stack from being loaded where there is none. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    @ConditionalOnClass(CorsConfiguration.class)
    static class WebStack {

        @Bean
        @ConditionalOnMissingBean
        WebSocketOptions realtimeWebSocketOptions(
                RealtimeWebSocketProperties properties, RealtimeClientProperties clientProperties) {
            return properties.options(clientProperties);
        }

        @Bean
        @ConditionalOnMissingBean
        OriginRule realtimeOriginRule(RealtimeClientProperties clientProperties) {
            return AllowedOrigins.rule(clientProperties);
        }
    }
}
