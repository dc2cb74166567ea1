package dev.realtime.autoconfigure;

import dev.realtime.engine.memory.MemoryEngine;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The embedded engine. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnChoice(RunTimeChoice.MEMORY_ENGINE)
class MemoryEngineConfiguration {

    private static final String SCHEDULER = "realtimeMemoryEngineScheduler";

    // Not a default candidate: an application that injects a Scheduler means its own.
    @Bean(name = SCHEDULER, defaultCandidate = false, destroyMethod = "dispose")
    Scheduler realtimeMemoryEngineScheduler() {
        return Schedulers.newSingle("realtime-memory-engine", true);
    }

    @Bean
    MemoryEngine realtimeMemoryEngine(
            RealtimeProperties properties,
            RealtimeClientProperties clientProperties,
            RealtimeChannelProperties channelProperties,
            @Qualifier(SCHEDULER) Scheduler scheduler,
            ApplicationContext context) {
        UnusedRedisAddress.refuse(context.getEnvironment());
        NodeWithoutClients.announce(context, EngineType.MEMORY);
        UnreplicatedEngine.refuse(channelProperties);
        return new MemoryEngine(PropertiesMapper.memoryPresenceTtl(properties, clientProperties), scheduler);
    }
}
