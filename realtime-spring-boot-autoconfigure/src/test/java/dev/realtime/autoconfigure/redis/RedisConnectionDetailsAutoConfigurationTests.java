package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.realtime.autoconfigure.Refusals;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Cluster;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Node;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Sentinel;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Standalone;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.FilteredClassLoader;

/** Connection details of the engine: a bean of the application, a service connection, or Docker Compose. */
class RedisConnectionDetailsAutoConfigurationTests {

    @Test
    void detailsComeBeforePropertiesAndNeedNoModuleOfSpringBoot() {
        RedisRunner.waiting("realtime.redis.address=elsewhere", "realtime.redis.password=other")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.data.redis"))
                .withBean(
                        RealtimeRedisConnectionDetails.class,
                        () -> new Details(new Standalone(new Node("cache", 6380), 2), null, null))
                .run(context -> {
                    RedisTarget target = context.getBean(RedisTarget.class);

                    assertThat(target.source()).isEqualTo(Source.CONNECTION_DETAILS);
                    assertThat(target.topology()).isEqualTo(RedisTopology.STANDALONE);
                    assertThat(target.tls()).isFalse();
                    assertThat(RedisRunner.uris(context)).singleElement().satisfies(uri -> {
                        assertThat(uri.getHost()).isEqualTo("cache");
                        assertThat(uri.getPort()).isEqualTo(6380);
                        assertThat(uri.getDatabase()).isEqualTo(2);
                        assertThat(uri.getCredentialsProvider()
                                        .resolveCredentials()
                                        .block()
                                        .getPassword())
                                .isEqualTo("secret".toCharArray());
                    });
                });
    }

    @Test
    void detailsOfTheEngineComeBeforeThoseOfTheApplication() {
        RedisRunner.waiting()
                .withBean(DataRedisConnectionDetails.class, () -> new DataRedisConnectionDetails() {})
                .withBean(
                        RealtimeRedisConnectionDetails.class,
                        () -> new Details(Standalone.of("cache", 6379), null, null))
                .run(context ->
                        assertThat(RedisRunner.uris(context)).singleElement().returns("cache", RedisURI::getHost));
    }

    @Test
    void cluster() {
        Cluster cluster = new Cluster(List.of(new Node("a", 7000), new Node("b", 7001)));
        RedisRunner.waiting()
                .withBean(RealtimeRedisConnectionDetails.class, () -> new Details(null, null, cluster))
                .run(context -> {
                    assertThat(context.getBean(RedisTarget.class).topology()).isEqualTo(RedisTopology.CLUSTER);
                    assertThat(RedisRunner.uris(context)).hasSize(2);
                });
    }

    @Test
    void sentinel() {
        Sentinel sentinel = new Sentinel("main", List.of(new Node("s1", 26379)), 0, null, "sees");
        RedisRunner.waiting()
                .withBean(RealtimeRedisConnectionDetails.class, () -> new Details(null, sentinel, null))
                .run(context -> {
                    assertThat(context.getBean(RedisTarget.class).topology()).isEqualTo(RedisTopology.SENTINEL);
                    assertThat(RedisRunner.uris(context))
                            .singleElement()
                            .returns("main", RedisURI::getSentinelMasterId);
                });
        assertThat(sentinel.toString()).doesNotContain("sees");
    }

    @Test
    void detailsThatNameNothingOrTwoKindsAreRefused() {
        for (Details details : List.of(
                new Details(null, null, null),
                new Details(Standalone.of("cache", 6379), null, new Cluster(List.of(new Node("a", 7000)))))) {
            RedisRunner.waiting()
                    .withBean(RealtimeRedisConnectionDetails.class, () -> details)
                    .run(context -> assertThat(Refusals.analyze(context).getDescription())
                            .startsWith("The connection details (" + Details.class.getName()
                                    + ") must name exactly one of a single server, Sentinels and a cluster."));
        }
    }

    @Test
    void serviceOfDockerComposeIsFound() {
        RunningService service = service("redis");

        Map<Class<?>, ConnectionDetails> details = detailsOf(service);

        assertThat(details).containsKeys(RealtimeRedisConnectionDetails.class, DataRedisConnectionDetails.class);
        assertThat(details.get(RealtimeRedisConnectionDetails.class))
                .isInstanceOfSatisfying(
                        RealtimeRedisConnectionDetails.class,
                        found -> assertThat(found.getStandalone()).isEqualTo(Standalone.of("localhost", 32768)));
    }

    @Test
    void otherServiceOfDockerComposeIsLeftAlone() {
        assertThat(detailsOf(service("postgres"))).doesNotContainKey(RealtimeRedisConnectionDetails.class);
    }

    private static Map<Class<?>, ConnectionDetails> detailsOf(RunningService service) {
        DockerComposeConnectionSource source = mock();
        given(source.getRunningService()).willReturn(service);
        return new ConnectionDetailsFactories(null).getConnectionDetails(source, false);
    }

    private static RunningService service(String image) {
        ConnectionPorts ports = mock();
        given(ports.get(6379)).willReturn(32768);
        RunningService service = mock();
        given(service.image()).willReturn(ImageReference.of(image));
        given(service.host()).willReturn("localhost");
        given(service.ports()).willReturn(ports);
        given(service.labels()).willReturn(Map.of());
        return service;
    }

    private record Details(
            @Nullable Standalone standalone,
            @Nullable Sentinel sentinel,
            @Nullable Cluster cluster) implements RealtimeRedisConnectionDetails {

        @Override
        public String getPassword() {
            return "secret";
        }

        @Override
        public @Nullable Standalone getStandalone() {
            return standalone;
        }

        @Override
        public @Nullable Sentinel getSentinel() {
            return sentinel;
        }

        @Override
        public @Nullable Cluster getCluster() {
            return cluster;
        }
    }
}
