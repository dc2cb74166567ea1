package dev.realtime.autoconfigure.startup;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Checks of the properties as a whole, and choices between beans, before any bean is made. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
public final class RealtimeStartupAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnNode
    static class Enabled {

        /** Comes first, so that a misspelt property is reported before its consequences. */
        @Bean
        static BeanFactoryPostProcessor realtimeUnknownProperties(Environment environment) {
            return beans -> UnknownPropertiesCheck.check(environment);
        }

        @Bean
        static RunTimeChoices realtimeRunTimeChoices(Environment environment) {
            return new RunTimeChoices(environment, true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "realtime.enabled", havingValue = false)
    static class Disabled {

        @Bean
        static RunTimeChoices realtimeRunTimeChoices(Environment environment) {
            return new RunTimeChoices(environment, false);
        }
    }
}
