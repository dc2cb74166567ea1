package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.webflux.ServerEventLoops;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.failure.ConfigurationProblemException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.StringUtils;
import reactor.netty.resources.LoopResources;

/**
 * Connection factory of the engine, unless the application defines a bean of that name. It is not a default candidate:
 * an application that injects a connection factory expects its own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(name = RedisConnectionConfiguration.FACTORY)
class RedisConnectionConfiguration {

    static final String FACTORY = "realtimeRedisConnectionFactory";

    private static final String SERVER_LOOPS = "realtimeRedisEventLoops";

    @Bean
    RedisTarget realtimeRedisTarget(
            RealtimeRedisProperties properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<RealtimeRedisConnectionDetails> details,
            ObjectProvider<ApplicationRedisTarget> application) {
        return Optional.ofNullable(details.getIfAvailable())
                .map(given -> ConnectionDetailsTarget.of(given, Source.CONNECTION_DETAILS, false))
                .or(() -> new RedisTargetMapper(properties, bundles.getIfAvailable()).target())
                .or(() -> application.stream()
                        .flatMap(redis -> redis.target().stream())
                        .findFirst())
                .orElseThrow(RedisConnectionConfiguration::noAddress);
    }

    @Bean
    EngineClientResources realtimeRedisClientResources(
            RealtimeRedisProperties properties,
            ObjectProvider<ClientResources> application,
            @Qualifier(SERVER_LOOPS) ObjectProvider<EventLoopGroupProvider> serverLoops) {
        Duration writeTimeout =
                PropertyRules.notNegative(RealtimeRedisProperties.PREFIX + "write-timeout", properties.writeTimeout());
        return new EngineClientResources(application.getIfUnique(), serverLoops.getIfAvailable(), writeTimeout);
    }

    @Bean(name = FACTORY, defaultCandidate = false)
    LettuceConnectionFactory realtimeRedisConnectionFactory(
            RealtimeRedisProperties properties,
            RealtimeClientProperties clientProperties,
            RedisTarget target,
            EngineClientResources resources) {
        RedisEngineOptions options = RedisOptionsMapper.engineOptions(properties, clientProperties, target.topology());
        ClientOptions clientOptions = LettuceOptions.of(options, BundleSslOptions.of(target.bundle()));
        LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder()
                .clientOptions(clientOptions)
                .clientResources(resources.resources())
                .commandTimeout(options.commandTimeout())
                .shutdownTimeout(Duration.ZERO);
        if (StringUtils.hasText(properties.clientName())) {
            client.clientName(clientName(properties.clientName()));
        }
        if (target.tls()) {
            client.useSsl();
        }
        return EngineConnectionFactory.of(target.configuration(), client.build());
    }

    private static String clientName(String name) {
        if (!name.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new ConfigurationProblemException(
                    RealtimeRedisProperties.PREFIX + "client-name",
                    ("`realtime.redis.client-name` is `%s`, but Redis accepts only visible ASCII "
                                    + "characters and no spaces.")
                            .formatted(name),
                    "Set it to letters and digits, or remove it.");
        }
        return name;
    }

    private static ConfigurationProblemException noAddress() {
        return new ConfigurationProblemException(
                "realtime.engine",
                "`realtime.engine` is `redis` but no address is set, so there is no Redis to talk to.",
                "Set `%s` for a single server, `%s` for a Redis Cluster, or `%s` for Sentinel. To use the Redis of the"
                                .formatted(
                                        RedisTargetMapper.ADDRESS,
                                        RedisTargetMapper.CLUSTER_ADDRESS,
                                        RedisTargetMapper.SENTINEL_ADDRESS)
                        + " application (`spring.data.redis.*`), add spring-boot-starter-data-redis.");
    }

    /** Redis of the application, if Spring Boot's module for it is present. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    static class ApplicationRedisConfiguration {

        @Bean
        DataRedisTarget realtimeApplicationRedis(
                ObjectProvider<DataRedisConnectionDetails> details, Environment environment) {
            return new DataRedisTarget(details, environment);
        }
    }

    /** Event loops of the web server, if it has its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({NettyReactiveWebServerFactory.class, LoopResources.class})
    static class ServerLoopsConfiguration {

        @Bean(name = SERVER_LOOPS, defaultCandidate = false)
        @Nullable
        EventLoopGroupProvider realtimeRedisEventLoops(ObjectProvider<ServerEventLoops> server) {
            return server.stream()
                    .flatMap(loops -> loops.shared().stream())
                    .flatMap(loops -> SharedEventLoops.of(loops).stream())
                    .findFirst()
                    .orElse(null);
        }
    }
}
