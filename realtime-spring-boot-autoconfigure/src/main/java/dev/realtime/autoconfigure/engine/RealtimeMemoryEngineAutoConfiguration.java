package dev.realtime.autoconfigure.engine;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.PropertiesMapper;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeChannelProperties;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.RealtimeProperties;
import dev.realtime.autoconfigure.RealtimeProperties.EngineType;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.engine.memory.MemoryEngine;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The embedded engine, unless the application has an engine of its own. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@ConditionalOnMissingEngine
@ConditionalOnChoice(RunTimeChoice.MEMORY_ENGINE)
public final class RealtimeMemoryEngineAutoConfiguration {

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
        UnusedRedisAddressCheck.check(context.getEnvironment());
        NodeWithoutClientsCheck.check(context, EngineType.MEMORY);
        UnreplicatedEngineCheck.check(channelProperties);
        return new MemoryEngine(PropertiesMapper.memoryPresenceTtl(properties, clientProperties), scheduler);
    }
}
