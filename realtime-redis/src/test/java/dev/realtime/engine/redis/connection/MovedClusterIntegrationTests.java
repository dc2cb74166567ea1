package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * One name leads to the cluster, as a service in Kubernetes does, and every node behind it gets another address at
 * once.
 */
class MovedClusterIntegrationTests {

    private static final int PARTITION = 9;

    private static final String SERVICE = "redis-cluster.test";

    @Test
    void seedIsResolvedAgainWhenAllNodesAreGone() {
        AtomicReference<RedisServer> behind = new AtomicReference<>();
        MappingSocketAddressResolver names = MappingSocketAddressResolver.create(
                DnsResolvers.UNRESOLVED,
                address -> address.getHostText().equals(SERVICE)
                        ? HostAndPort.of(RedisServer.HOST, behind.get().port())
                        : address);
        RedisClusterServers old =
                RedisClusterServers.builder().primaries(3).replicas(0).start();
        behind.set(old.servers().get(0));
        try (RedisClusterServers next =
                        RedisClusterServers.builder().primaries(3).replicas(0).start();
                LinkRig rig = new LinkRig(
                                LinkRig.options(RedisTopology.CLUSTER, PubSubMode.AUTO),
                                List.of(RedisURI.create("redis://" + SERVICE + ":6379")),
                                resources -> resources.socketAddressResolver(names))
                        .started()) {
            String name = rig.name(PARTITION, "moved");
            rig.subscribe(PARTITION, name);

            behind.set(next.servers().get(0));
            old.close();

            LinkRig.await("resubscribed").until(() -> rig.resubscribed.contains(name));
            try (NumberedStream stream = NumberedStream.from(rig, rig, PARTITION, name)) {
                stream.check("sharded, all addresses changed");
            }
            rig.awaitWorking();
            assertThat(rig.status().primaries())
                    .extracting(RedisStatus.Primary::address)
                    .containsExactlyInAnyOrderElementsOf(
                            next.servers().stream().map(RedisServer::address).toList());
        } finally {
            old.close();
        }
    }
}
