package dev.realtime.autoconfigure.httpapi;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.node.RealtimeNode;
import dev.realtime.webflux.api.RealtimeHttpApiMapping;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Server HTTP API of a reactive web application, if it has a key. It maps one path per method and nothing else.
 */
@AutoConfiguration(
        after = RealtimeAutoConfiguration.class,
        afterName = "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration")
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass({DispatcherHandler.class, RealtimeHttpApiMapping.class})
@ConditionalOnNode
@ConditionalOnChoice(RunTimeChoice.HTTP_API)
@EnableConfigurationProperties(RealtimeHttpApiProperties.class)
public final class RealtimeHttpApiAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeHttpApiMapping realtimeHttpApiMapping(
            RealtimeHttpApiProperties properties,
            RealtimePublisher publisher,
            RealtimeChannels channels,
            RealtimePresence presence,
            RealtimeClients clients,
            RealtimeNode node) {
        return new RealtimeHttpApiMapping(
                HttpApiMapper.prefix(properties),
                RealtimeHttpApiMapping.DEFAULT_ORDER,
                HttpApiSecurity.key(properties),
                HttpApiMapper.api(properties, publisher, channels, presence, clients, node));
    }
}
