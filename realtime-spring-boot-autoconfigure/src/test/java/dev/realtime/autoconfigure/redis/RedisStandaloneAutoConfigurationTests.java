package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.realtime.autoconfigure.Refusals;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.spi.engine.Engine;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A single server: what the connection factory of the engine is made of, and how it lives beside the application's own.
 */
class RedisStandaloneAutoConfigurationTests {

    @Test
    void addressLeadsToAClientForOneServer() {
        RedisRunner.waiting("realtime.redis.address=redis://app:secret@cache:6380/2")
                .run(context -> {
                    RedisURI uri = RedisRunner.uris(context).get(0);
                    RedisCredentials credentials =
                            uri.getCredentialsProvider().resolveCredentials().block();

                    assertThat(context).getBean(Engine.class).isInstanceOf(RedisEngine.class);
                    assertThat(context.getBean(RedisEngine.class).status().topology())
                            .isEqualTo(RedisTopology.STANDALONE);
                    assertThat(RedisRunner.factory(context).getRequiredNativeClient())
                            .isInstanceOf(RedisClient.class);
                    assertThat(uri.getHost()).isEqualTo("cache");
                    assertThat(uri.getPort()).isEqualTo(6380);
                    assertThat(uri.getDatabase()).isEqualTo(2);
                    assertThat(uri.isSsl()).isFalse();
                    assertThat(credentials.getUsername()).isEqualTo("app");
                    assertThat(credentials.getPassword()).containsExactly('s', 'e', 'c', 'r', 'e', 't');
                });
    }

    @Test
    void credentialsAndDatabaseMayStandInPropertiesOfTheirOwn() {
        RedisRunner.waiting(
                        "realtime.redis.address=cache",
                        "realtime.redis.username=app",
                        "realtime.redis.password=secret",
                        "realtime.redis.database=3",
                        "realtime.redis.client-name=chat")
                .run(context -> {
                    RedisStandaloneConfiguration configuration =
                            RedisRunner.factory(context).getStandaloneConfiguration();

                    assertThat(configuration.getPort()).isEqualTo(6379);
                    assertThat(configuration.getUsername()).isEqualTo("app");
                    assertThat(configuration.getPassword().get()).isEqualTo("secret".toCharArray());
                    assertThat(configuration.getDatabase()).isEqualTo(3);
                    assertThat(RedisRunner.factory(context).getClientName()).isEqualTo("chat");
                });
    }

    @Test
    void timeoutsReachTheDriver() {
        RedisRunner.waiting(
                        "realtime.redis.address=cache",
                        "realtime.redis.connect-timeout=2s",
                        "realtime.redis.read-timeout=3s")
                .run(context -> {
                    ClientOptions options = RedisRunner.factory(context)
                            .getRequiredNativeClient()
                            .getOptions();

                    assertThat(options.getSocketOptions().getConnectTimeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(options.getSslOptions().getHandshakeTimeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(options.getTimeoutOptions().getSource().getTimeout(null))
                            .isEqualTo(TimeUnit.SECONDS.toNanos(3));
                    assertThat(RedisRunner.factory(context)
                                    .getClientConfiguration()
                                    .getCommandTimeout())
                            .isEqualTo(Duration.ofSeconds(3));
                });
    }

    @Test
    void commandsAreNeverKeptForLaterNorSentAgain() {
        RedisRunner.waiting("realtime.redis.address=cache").run(context -> {
            ClientOptions options =
                    RedisRunner.factory(context).getRequiredNativeClient().getOptions();

            assertThat(options.getDisconnectedBehavior()).isEqualTo(DisconnectedBehavior.REJECT_COMMANDS);
            assertThat(options.getReplayFilter().test(null)).isTrue();
            assertThat(options.getRequestQueueSize()).isLessThan(Integer.MAX_VALUE);
        });
    }

    @Test
    void applicationsOwnRedisStaysAsItIs() {
        RedisRunner.waiting("realtime.redis.address=cache")
                .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .run(context -> {
                    RedisConnectionFactory own = context.getBean(RedisConnectionFactory.class);

                    assertThat(own).isSameAs(context.getBean("redisConnectionFactory"));
                    assertThat(RedisRunner.factory(context)).isNotSameAs(own);
                    assertThat(RedisRunner.factory(context).getHostName()).isEqualTo("cache");
                    assertThat(((LettuceConnectionFactory) own).getHostName()).isEqualTo("localhost");
                });
    }

    @Test
    void threadsAreThoseOfTheApplicationIfItHasLettuce() {
        RedisRunner.waiting("realtime.redis.address=cache")
                .withUserConfiguration(OwnResources.class)
                .run(context -> {
                    ClientResources own = context.getBean(ClientResources.class);
                    ClientResources ours = RedisRunner.factory(context)
                            .getRequiredNativeClient()
                            .getResources();

                    assertThat(ours).isNotSameAs(own);
                    assertThat(ours.eventLoopGroupProvider()).isSameAs(own.eventLoopGroupProvider());
                    assertThat(ours.eventExecutorGroup()).isSameAs(own.eventExecutorGroup());
                    assertThat(ours.timer()).isSameAs(own.timer());

                    context.getBean(EngineClientResources.class).destroy();

                    assertThat(own.eventExecutorGroup().isShuttingDown()).isFalse();
                });
    }

    @Test
    void threadsOfOurOwnEndWithTheContext() {
        ClientResources[] ours = new ClientResources[1];

        RedisRunner.waiting("realtime.redis.address=cache")
                .run(context -> ours[0] =
                        RedisRunner.factory(context).getRequiredNativeClient().getResources());

        assertThat(ours[0].eventExecutorGroup().isShuttingDown()).isTrue();
    }

    @Test
    void factoryIsNotPausedWithItsContext() {
        RedisRunner.waiting("realtime.redis.address=cache")
                .run(context ->
                        assertThat(RedisRunner.factory(context).isPauseable()).isFalse());
    }

    @Test
    void factoryOfTheApplicationReplacesOurs() {
        RedisRunner.waiting("realtime.redis.pool-size=2")
                .withUserConfiguration(OwnFactory.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(RedisTarget.class);
                    assertThat(RedisRunner.factory(context).getHostName()).isEqualTo("elsewhere");
                    assertThat(context.getBean(RedisEngine.class).status().topology())
                            .isEqualTo(RedisTopology.STANDALONE);
                });
    }

    @Test
    void factoryOfAnotherDriverIsRefused() {
        RedisRunner.waiting()
                .withUserConfiguration(OtherDriver.class)
                .run(context -> assertThat(Refusals.analyze(context)).satisfies(analysis -> {
                    assertThat(analysis.getDescription())
                            .startsWith("The bean `realtimeRedisConnectionFactory` is a ")
                            .contains(", but the engine talks to Redis through Lettuce.");
                    assertThat(analysis.getAction())
                            .isEqualTo("Make it a LettuceConnectionFactory, or remove it and set `realtime.redis.*`.");
                }));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnResources {

        @Bean(destroyMethod = "shutdown")
        ClientResources ownResources() {
            return DefaultClientResources.create();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        LettuceConnectionFactory realtimeRedisConnectionFactory() {
            return new LettuceConnectionFactory(
                    new RedisStandaloneConfiguration("elsewhere"), LettuceClientConfiguration.defaultConfiguration());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherDriver {

        @Bean
        RedisConnectionFactory realtimeRedisConnectionFactory() {
            return mock(RedisConnectionFactory.class);
        }
    }
}
