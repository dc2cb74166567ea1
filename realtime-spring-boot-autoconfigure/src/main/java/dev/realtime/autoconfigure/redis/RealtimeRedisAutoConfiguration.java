package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.RealtimeProperties.EngineType;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.engine.ConditionalOnMissingEngine;
import dev.realtime.autoconfigure.engine.NodeWithoutClientsCheck;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.failure.ConfigurationProblemException;
import io.lettuce.core.RedisClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The engine over Redis, unless the application has an engine of its own. It uses the client of the connection factory
 * {@code realtimeRedisConnectionFactory}, which an application replaces with a bean of that name.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@ConditionalOnMissingEngine
@ConditionalOnChoice(RunTimeChoice.REDIS_ENGINE)
@ConditionalOnClass({RedisEngine.class, RedisClient.class, LettuceConnectionFactory.class})
@EnableConfigurationProperties(RealtimeRedisProperties.class)
@Import(RedisConnectionConfiguration.class)
public final class RealtimeRedisAutoConfiguration {

    private static final String SCHEDULER = "realtimeRedisEngineScheduler";

    // Not a default candidate: an application that injects a Scheduler means its own.
    @Bean(name = SCHEDULER, defaultCandidate = false, destroyMethod = "dispose")
    Scheduler realtimeRedisEngineScheduler() {
        return Schedulers.newSingle("realtime-redis-engine", true);
    }

    @Bean
    RedisEngine realtimeRedisEngine(
            RealtimeRedisProperties properties,
            RealtimeClientProperties clientProperties,
            @Qualifier(RedisConnectionConfiguration.FACTORY) RedisConnectionFactory factory,
            ObjectProvider<RedisTarget> target,
            @Qualifier(SCHEDULER) Scheduler scheduler,
            ApplicationContext context) {
        if (!(factory instanceof LettuceConnectionFactory lettuce)) {
            throw new ConfigurationProblemException(
                    "realtime.engine",
                    "The bean `%s` is a %s, but the engine talks to Redis through Lettuce."
                            .formatted(
                                    RedisConnectionConfiguration.FACTORY,
                                    factory.getClass().getName()),
                    "Make it a LettuceConnectionFactory, or remove it and set `realtime.redis.*`.");
        }
        NodeWithoutClientsCheck.check(context, EngineType.REDIS);
        FactoryAddresses addresses = new FactoryAddresses(lettuce);
        RedisEngineOptions options =
                RedisOptionsMapper.engineOptions(properties, clientProperties, addresses.topology()).toBuilder()
                        .application(context.getEnvironment().getProperty("spring.application.name", ""))
                        .build();
        RedisAddresses.Source source =
                target.stream().map(RedisTarget::source).findFirst().orElse(Source.BEAN);
        return new RedisEngine(lettuce.getRequiredNativeClient(), options, addresses.addresses(source), scheduler);
    }
}
