package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.Refusals;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Without an address of its own the engine uses the Redis that Spring Boot knows of, over a connection of its own. */
class ApplicationRedisAutoConfigurationTests {

    @Test
    void singleServer() {
        boot("spring.data.redis.host=cache", "spring.data.redis.port=6380", "spring.data.redis.database=2")
                .run(context -> {
                    RedisTarget target = context.getBean(RedisTarget.class);

                    assertThat(target.source()).isEqualTo(Source.APPLICATION);
                    assertThat(target.topology()).isEqualTo(RedisTopology.STANDALONE);
                    assertThat(target.tls()).isFalse();
                    assertThat(RedisRunner.uris(context)).singleElement().satisfies(uri -> {
                        assertThat(uri.getHost()).isEqualTo("cache");
                        assertThat(uri.getPort()).isEqualTo(6380);
                        assertThat(uri.getDatabase()).isEqualTo(2);
                    });
                    assertThat(RedisRunner.factory(context)).isNotSameAs(context.getBean(RedisConnectionFactory.class));
                });
    }

    @Test
    void cluster() {
        boot(
                        "spring.data.redis.cluster.nodes=a:7000,b:7001",
                        "spring.data.redis.username=app",
                        "spring.data.redis.password=secret")
                .run(context -> {
                    assertThat(context.getBean(RedisTarget.class).topology()).isEqualTo(RedisTopology.CLUSTER);
                    assertThat(RedisRunner.uris(context))
                            .hasSize(2)
                            .allSatisfy(uri -> assertThat(uri.getCredentialsProvider()
                                            .resolveCredentials()
                                            .block()
                                            .getPassword())
                                    .isEqualTo("secret".toCharArray()));
                });
    }

    @Test
    void sentinel() {
        boot(
                        "spring.data.redis.sentinel.master=main",
                        "spring.data.redis.sentinel.nodes=s1:26379,s2:26379",
                        "spring.data.redis.sentinel.password=sees",
                        "spring.data.redis.password=secret")
                .run(context -> {
                    RedisURI uri = RedisRunner.uris(context).get(0);

                    assertThat(context.getBean(RedisTarget.class).topology()).isEqualTo(RedisTopology.SENTINEL);
                    assertThat(uri.getSentinelMasterId()).isEqualTo("main");
                    assertThat(uri.getSentinels()).hasSize(2);
                });
    }

    @Test
    void urlAndSwitchAskForTls() {
        boot("spring.data.redis.url=rediss://:secret@cache:6380")
                .run(context -> assertThat(RedisRunner.uris(context)).allMatch(RedisURI::isSsl));
        boot("spring.data.redis.host=cache", "spring.data.redis.ssl.enabled=true")
                .run(context -> {
                    assertThat(RedisRunner.uris(context)).allMatch(RedisURI::isSsl);
                    assertThat(context.getBean(RedisTarget.class).bundle()).isNotNull();
                });
    }

    @Test
    void fixedListOfReplicasIsRefused() {
        boot("spring.data.redis.masterreplica.nodes=a:6379,b:6379").run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .startsWith("The Redis of the application is a fixed list of a primary and its replicas"
                            + " (`spring.data.redis.masterreplica.nodes`)");
            assertThat(analysis.getAction()).contains("`realtime.redis.sentinel-address`", "`realtime.redis.address`");
        });
    }

    @Test
    void detailsThatNameNothingAreRefused() {
        RedisRunner.waiting()
                .withBean(DataRedisConnectionDetails.class, () -> new DataRedisConnectionDetails() {})
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("The bean of type DataRedisConnectionDetails"));
    }

    @Test
    void addressOfTheEngineComesFirst() {
        boot("spring.data.redis.host=cache", "realtime.redis.address=elsewhere").run(context -> {
            assertThat(context.getBean(RedisTarget.class).source()).isEqualTo(Source.PROPERTIES);
            assertThat(RedisRunner.uris(context)).singleElement().returns("elsewhere", RedisURI::getHost);
        });
    }

    @Test
    void engineWorksWithoutTheModuleOfSpringBoot() {
        RedisRunner.waiting("realtime.redis.address=cache")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.data.redis"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static ReactiveWebApplicationContextRunner boot(String... properties) {
        return RedisRunner.waiting(properties)
                .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));
    }
}
