package dev.realtime.autoconfigure;

import dev.realtime.engine.Engine;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The place of the Redis engine, which this version does not have: says so instead of running without one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(Engine.class)
@ConditionalOnProperty(name = "realtime.engine", havingValue = "redis")
class RedisEngineConfiguration {

    @Bean
    Engine realtimeEngine() {
        throw new InvalidRealtimePropertyException(
                "realtime.engine",
                "`realtime.engine` is `redis` but this version has no Redis engine yet, so nodes could not reach each other.",
                "Set `realtime.engine=memory` and run a single node, or use a version with the Redis engine.");
    }
}
