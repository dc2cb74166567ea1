package dev.realtime.autoconfigure;

import dev.realtime.event.ApplicationEvents;
import dev.realtime.event.EngineWatch;
import dev.realtime.node.RealtimeNode;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Events of the server for the application context. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RealtimeEventsProperties.class)
class EventsConfiguration {

    private static final String SCHEDULER = "realtimeEngineWatchScheduler";

    @Bean(destroyMethod = "close")
    ApplicationEvents realtimeApplicationEvents(
            RealtimeEventsProperties properties, ApplicationEventPublisher publisher) {
        return new ApplicationEvents(
                publisher,
                PropertyRules.positive(
                        "realtime.events.queue-size", properties.queueSize(), "so no event could be published"));
    }

    // Not a default candidate: an application that injects a Scheduler means its own.
    @Bean(name = SCHEDULER, defaultCandidate = false, destroyMethod = "dispose")
    Scheduler realtimeEngineWatchScheduler() {
        return Schedulers.newSingle("realtime-engine-watch", true);
    }

    @Bean
    EngineWatch realtimeEngineWatch(
            RealtimeNode node, ApplicationEvents events, @Qualifier(SCHEDULER) Scheduler scheduler) {
        return new EngineWatch(node.parts().engine(), events, scheduler);
    }
}
