package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;

/** Sentinel: its own addresses and credentials, beside those of Redis. */
class RedisSentinelAutoConfigurationTests {

    @Test
    void sentinelsHaveCredentialsOfTheirOwn() {
        RedisRunner.waiting(
                        "realtime.redis.sentinel-address=redis://s1:26380,s2",
                        "realtime.redis.sentinel-master-name=mymaster",
                        "realtime.redis.sentinel-username=watcher",
                        "realtime.redis.sentinel-password=sees",
                        "realtime.redis.username=app",
                        "realtime.redis.password=secret",
                        "realtime.redis.database=1")
                .run(context -> {
                    RedisURI uri = RedisRunner.uris(context).get(0);

                    assertThat(RedisRunner.factory(context).getRequiredNativeClient())
                            .isInstanceOf(RedisClient.class);
                    assertThat(context.getBean(RedisEngine.class).status().topology())
                            .isEqualTo(RedisTopology.SENTINEL);
                    assertThat(uri.getSentinelMasterId()).isEqualTo("mymaster");
                    assertThat(uri.getDatabase()).isEqualTo(1);
                    assertThat(credentials(uri).getUsername()).isEqualTo("app");
                    assertThat(credentials(uri).getPassword()).isEqualTo("secret".toCharArray());
                    assertThat(uri.getSentinels())
                            .extracting(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                            .containsExactlyInAnyOrder("s1:26380", "s2:26379");
                    assertThat(uri.getSentinels()).allSatisfy(sentinel -> {
                        assertThat(credentials(sentinel).getUsername()).isEqualTo("watcher");
                        assertThat(credentials(sentinel).getPassword()).isEqualTo("sees".toCharArray());
                    });
                });
    }

    @Test
    void tlsHoldsForSentinelToo() {
        RedisRunner.waiting(
                        "realtime.redis.sentinel-address=rediss://s1", "realtime.redis.sentinel-master-name=mymaster")
                .run(context -> {
                    RedisURI uri = RedisRunner.uris(context).get(0);

                    assertThat(uri.isSsl()).isTrue();
                    assertThat(uri.getSentinels()).allMatch(RedisURI::isSsl);
                });
    }

    private static RedisCredentials credentials(RedisURI uri) {
        RedisCredentials credentials =
                uri.getCredentialsProvider().resolveCredentials().block();
        assertThat(credentials).isNotNull();
        return credentials;
    }
}
