package dev.realtime.autoconfigure;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The beans an application talks to, where {@code realtime.enabled} is {@code false}: they are there and do nothing.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "realtime.enabled", havingValue = false)
public final class RealtimeDisabledAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(RealtimeDisabledAutoConfiguration.class);

    private final DisabledServer server = new DisabledServer();

    RealtimeDisabledAutoConfiguration() {
        logger.info("`realtime.enabled` is `false`: there is no realtime server, and the beans for it do nothing.");
    }

    @Bean
    static RunTimeChoices realtimeRunTimeChoices(Environment environment) {
        return new RunTimeChoices(environment, false);
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePublisher realtimePublisher() {
        return server.publisher();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeChannels realtimeChannels() {
        return server.channels();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimePresence realtimePresence() {
        return server.presence();
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeClients realtimeClients() {
        return server.clients();
    }
}
