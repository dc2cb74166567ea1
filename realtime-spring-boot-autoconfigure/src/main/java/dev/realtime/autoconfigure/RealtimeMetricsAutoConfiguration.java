package dev.realtime.autoconfigure;

import dev.realtime.actuate.RealtimeHandlerMetrics;
import dev.realtime.actuate.RealtimeMetrics;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.Handlers;
import dev.realtime.node.RealtimeNode;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters {@code realtime.*}. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(RealtimeNode.class)
public final class RealtimeMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeMetrics realtimeMetrics(RealtimeNode node) {
        return new RealtimeMetrics(node);
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeHandlerMetrics realtimeHandlerMetrics(Handlers handlers, ApplicationEvents events) {
        return new RealtimeHandlerMetrics(handlers, events);
    }
}
