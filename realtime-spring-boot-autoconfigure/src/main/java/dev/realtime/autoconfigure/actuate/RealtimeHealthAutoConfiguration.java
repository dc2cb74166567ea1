package dev.realtime.autoconfigure.actuate;

import dev.realtime.actuate.EngineHealth;
import dev.realtime.actuate.RealtimeHealthIndicator;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiProperties;
import dev.realtime.autoconfigure.redis.RealtimeRedisAutoConfiguration;
import dev.realtime.autoconfigure.redis.RedisEngineHealth;
import dev.realtime.autoconfigure.server.RealtimeServer;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.node.RealtimeNode;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health contributor {@code realtime}. */
@AutoConfiguration(after = {RealtimeAutoConfiguration.class, RealtimeRedisAutoConfiguration.class})
@ConditionalOnClass({ReactiveHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnNode
@ConditionalOnEnabledHealthIndicator("realtime")
public final class RealtimeHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeHealthIndicator realtimeHealthIndicator(
            RealtimeNode node,
            RealtimeClientProperties client,
            ObjectProvider<RealtimeHttpApiProperties> httpApi,
            ObjectProvider<EngineHealth> engine,
            ObjectProvider<RealtimeServer> server) {
        RealtimeServer ownPort = server.getIfAvailable();
        return new RealtimeHealthIndicator(
                node,
                httpApi.stream().anyMatch(RealtimeHttpApiProperties::insecure),
                client.insecureSkipTokenSignatureVerify(),
                engine.getIfAvailable(),
                ownPort == null ? null : ownPort::port);
    }

    /** Details of the Redis engine, where it is the engine. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisEngine.class)
    @ConditionalOnBean(RedisEngine.class)
    static class RedisHealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(EngineHealth.class)
        RedisEngineHealth realtimeRedisEngineHealth(RedisEngine engine) {
            return new RedisEngineHealth(engine);
        }
    }
}
