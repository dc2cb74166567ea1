package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.generation.ReplicationInfo;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Primaries say about once a second which history they continue. */
class ReplicationWatchIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> sentinel = RedisExtension.sentinel();

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.cluster();

    /** By server. */
    private final Map<String, ReplicationInfo> latest = new ConcurrentHashMap<>();

    private final Set<String> left = ConcurrentHashMap.newKeySet();

    private LinkRig watching(LinkRig rig) {
        rig.connections.watchReplication(new ReplicationInfo.Listener() {
            @Override
            public void onReplication(ReplicationInfo info) {
                latest.put(info.server(), info);
            }

            @Override
            public void onServerLeft(String server) {
                left.add(server);
                throw new IllegalStateException("a listener that fails");
            }
        });
        return rig.started();
    }

    @Test
    void promotedServerSaysWhichHistoryItContinues() {
        try (LinkRig rig = watching(LinkRig.to(sentinel.get()))) {
            rig.awaitWorking();
            LinkRig.await("the first answer").until(() -> !latest.isEmpty());
            ReplicationInfo before = latest.get(ClusterView.SOLE.key());
            assertThat(before.role()).isEqualTo("master");
            assertThat(before.id()).isEqualTo(sentinel.get().primary().info("master_replid"));

            RedisServer promoted = sentinel.get().failOver();

            LinkRig.await("the promoted server")
                    .until(() -> latest.get(ClusterView.SOLE.key()).runId().equals(promoted.info("run_id")));
            ReplicationInfo after = latest.get(ClusterView.SOLE.key());
            // That of the first one, unless a slow failover was provoked twice.
            assertThat(after.formerId()).isEqualTo(promoted.info("master_replid2"));
            assertThat(after.id()).isEqualTo(promoted.info("master_replid"));
            assertThat(after.formerEnd()).isPositive().isLessThanOrEqualTo(after.offset() + 1);
        }
    }

    @Test
    void everyPrimaryOfAClusterIsAskedWhateverThePubSubMode() {
        try (LinkRig rig = watching(LinkRig.to(cluster.get(), PubSubMode.PLAIN))) {
            rig.awaitWorking();
            LinkRig.await("all primaries").until(() -> latest.size() == 3);
            RedisServer old = cluster.get().primaryOf(0);

            RedisServer promoted = cluster.get().failOver(0);

            LinkRig.await("the promoted server")
                    .until(() -> latest.values().stream()
                            .anyMatch(info -> info.runId().equals(promoted.info("run_id")) && info.formerEnd() > 0));
            LinkRig.await("the old one left").until(() -> left.stream().anyMatch(key -> key.endsWith(old.address())));
        }
    }
}
