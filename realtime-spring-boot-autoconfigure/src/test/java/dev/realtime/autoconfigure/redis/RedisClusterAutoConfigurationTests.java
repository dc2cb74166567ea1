package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A cluster: seeds, topology refresh, and options that must not get lost on the way to the driver. */
class RedisClusterAutoConfigurationTests {

    @Test
    void oneHostNameIsEnough() {
        RedisRunner.waiting("realtime.redis.cluster-address=redis://redis-cluster.redis:6379")
                .run(context -> {
                    assertThat(RedisRunner.factory(context).getRequiredNativeClient())
                            .isInstanceOf(RedisClusterClient.class);
                    assertThat(context.getBean(RedisEngine.class).status().topology())
                            .isEqualTo(RedisTopology.CLUSTER);
                    assertThat(RedisRunner.uris(context))
                            .singleElement()
                            .returns("redis-cluster.redis", RedisURI::getHost);
                });
    }

    @Test
    void seedsMayBeSeparatedByCommasOrBeAList() {
        RedisRunner.waiting("realtime.redis.cluster-address=rediss://:secret@a:7000, rediss://[::1]:7001")
                .run(context -> assertThat(RedisRunner.uris(context))
                        .hasSize(2)
                        .allMatch(RedisURI::isSsl)
                        .allSatisfy(uri -> assertThat(uri.getCredentialsProvider()
                                        .resolveCredentials()
                                        .block()
                                        .getPassword())
                                .isEqualTo("secret".toCharArray()))
                        .extracting(uri -> uri.getHost() + " " + uri.getPort())
                        .containsExactlyInAnyOrder("a 7000", "::1 7001"));
        RedisRunner.waiting("realtime.redis.cluster-address[0]=a:7000", "realtime.redis.cluster-address[1]=b")
                .run(context -> assertThat(RedisRunner.uris(context))
                        .extracting(RedisURI::getHost)
                        .containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void driverFollowsRedirectsAndTheEngineTheTopology() {
        RedisRunner.waiting("realtime.redis.cluster-address=a", "realtime.redis.topology-refresh-interval=7s")
                .run(context -> {
                    RedisClusterClient client =
                            (RedisClusterClient) RedisRunner.factory(context).getRequiredNativeClient();
                    ClusterClientOptions options = (ClusterClientOptions) client.getOptions();
                    ClusterTopologyRefreshOptions refresh = options.getTopologyRefreshOptions();

                    // The engine itself looks every 7 seconds.
                    assertThat(refresh.isPeriodicRefreshEnabled()).isFalse();
                    assertThat(refresh.getAdaptiveRefreshTriggers())
                            .containsExactlyInAnyOrder(
                                    RefreshTrigger.MOVED_REDIRECT,
                                    RefreshTrigger.ASK_REDIRECT,
                                    RefreshTrigger.UNKNOWN_NODE);
                    assertThat(options.isValidateClusterNodeMembership()).isFalse();
                    assertThat(options.getDisconnectedBehavior()).isEqualTo(DisconnectedBehavior.REJECT_COMMANDS);
                    assertThat(options.getReplayFilter().test(null)).isTrue();
                });
    }

    @Test
    void driverLooksForReplicasWhereTheyAreReadFrom() {
        RedisRunner.waiting(
                        "realtime.redis.cluster-address=a",
                        "realtime.redis.read-from=replica-preferred",
                        "realtime.redis.topology-refresh-interval=7s")
                .run(context -> {
                    RedisClusterClient client =
                            (RedisClusterClient) RedisRunner.factory(context).getRequiredNativeClient();
                    ClusterTopologyRefreshOptions refresh =
                            ((ClusterClientOptions) client.getOptions()).getTopologyRefreshOptions();

                    assertThat(refresh.isPeriodicRefreshEnabled()).isTrue();
                    assertThat(refresh.getRefreshPeriod()).isEqualTo(Duration.ofSeconds(7));
                });
    }
}
