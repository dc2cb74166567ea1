package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.node.RealtimeNode;
import dev.realtime.protocol.ProtocolLimits;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Limits of what clients may send, on every web server. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(RealtimeWebSocketProperties.class)
public final class RealtimeWebSocketAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ProtocolLimits realtimeProtocolLimits(RealtimeWebSocketProperties properties) {
        return properties.protocolLimits();
    }
}
