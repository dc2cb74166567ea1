package dev.realtime.autoconfigure.event;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.event.ContainedListeners;
import dev.realtime.event.EngineWatch;
import dev.realtime.node.RealtimeNode;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.AbstractApplicationContext;
import reactor.core.scheduler.Schedulers;

/** Events of the server in the application context. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@EnableConfigurationProperties(RealtimeEventsProperties.class)
public final class RealtimeEventsAutoConfiguration {

    @Bean(destroyMethod = "close")
    ApplicationEvents realtimeApplicationEvents(RealtimeEventsProperties properties, ApplicationContext context) {
        return new ApplicationEvents(
                context instanceof AbstractApplicationContext known ? new ContainedListeners(known) : context,
                PropertyRules.positive(
                        "realtime.events.queue-size", properties.queueSize(), "so no event could be published"));
    }

    @Bean
    EngineWatch realtimeEngineWatch(RealtimeNode node, ApplicationEvents events) {
        return new EngineWatch(node.engine(), events, Schedulers.parallel());
    }
}
