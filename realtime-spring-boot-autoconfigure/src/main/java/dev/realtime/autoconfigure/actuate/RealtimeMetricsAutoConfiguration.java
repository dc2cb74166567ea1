package dev.realtime.autoconfigure.actuate;

import dev.realtime.actuate.RealtimeHandlerMetrics;
import dev.realtime.actuate.RealtimeMetrics;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.redis.EngineClientResources;
import dev.realtime.autoconfigure.redis.RealtimeRedisAutoConfiguration;
import dev.realtime.autoconfigure.redis.RedisEngineMetrics;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.node.RealtimeNode;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters {@code realtime.*}. */
@AutoConfiguration(after = {RealtimeAutoConfiguration.class, RealtimeRedisAutoConfiguration.class})
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnNode
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

    /** Meters of the Redis engine, where it is the engine. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisEngine.class)
    @ConditionalOnBean(RedisEngine.class)
    static class RedisMetricsConfiguration {

        @Bean
        @ConditionalOnMissingBean
        RedisEngineMetrics realtimeRedisEngineMetrics(
                RedisEngine engine, ObjectProvider<EngineClientResources> resources) {
            return new RedisEngineMetrics(
                    engine::status,
                    engine.statistics(),
                    resources.stream()
                            .map(EngineClientResources::latency)
                            .findFirst()
                            .orElse(null));
        }
    }
}
