package dev.realtime.autoconfigure;

import dev.realtime.spi.engine.Engine;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The engine that {@code realtime.engine} names, unless the application has one of its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(Engine.class)
@Import({MemoryEngineConfiguration.class, RedisEngineConfiguration.class, MissingRedisEngineConfiguration.class})
class EngineConfiguration {}
