package dev.realtime.autoconfigure.template;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.Payload;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.disabled.RealtimeDisabledAutoConfiguration;
import dev.realtime.template.RealtimeTemplate;
import java.lang.reflect.Type;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Blocking facade over the beans of the server. */
@AutoConfiguration(after = {RealtimeAutoConfiguration.class, RealtimeDisabledAutoConfiguration.class})
@ConditionalOnBean({RealtimePublisher.class, RealtimeChannels.class, RealtimePresence.class, RealtimeClients.class})
@EnableConfigurationProperties(RealtimeTemplateProperties.class)
public final class RealtimeTemplateAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeTemplate realtimeTemplate(
            RealtimeTemplateProperties properties,
            RealtimePublisher publisher,
            RealtimeChannels channels,
            RealtimePresence presence,
            RealtimeClients clients,
            ObjectProvider<PayloadReader> reader) {
        return new RealtimeTemplate(
                publisher,
                channels,
                presence,
                clients,
                reader.getIfAvailable(() -> RealtimeTemplateAutoConfiguration::unreadable),
                PropertyRules.positive(
                        "realtime.template.timeout", properties.timeout(), "so no call could complete in time"));
    }

    /** Reader for a disabled server, which keeps nothing, so that nothing is ever read. */
    private static Object unreadable(Payload payload, Type type) {
        throw new IllegalStateException(
                "There is no bean of type `PayloadReader` to read a payload as `%s`.".formatted(type.getTypeName()));
    }
}
