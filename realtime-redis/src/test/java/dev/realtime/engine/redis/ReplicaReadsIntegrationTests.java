package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.HISTORY;
import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisReadFrom;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.PresenceManager;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Explicit reads that replicas serve, in each topology, and what only the primary may answer. */
class ReplicaReadsIntegrationTests {

    private static final String CHANNEL = "chat:room";

    private static final HistoryQuery ALL = new HistoryQuery(-1, null, false);

    private static final RedisServer.Builder SETTINGS =
            RedisServer.builder().setting("repl-diskless-sync-delay", "0").setting("repl-timeout", "3600");

    /** A node that reads from replicas. */
    private static final class Reader implements AutoCloseable {

        private final Scheduler scheduler = Schedulers.newSingle("replica-reads");

        private final AbstractRedisClient client;

        private final StartedEngine node;

        Reader(RedisTopology topology, List<RedisURI> uris) {
            RedisEngineOptions options = RedisEngineOptions.builder(topology)
                    .readFrom(RedisReadFrom.REPLICA_PREFERRED)
                    .build();
            ClientOptions clientOptions = LettuceOptions.of(options, SslOptions.create());
            if (topology == RedisTopology.CLUSTER) {
                RedisClusterClient cluster = RedisClusterClient.create(uris);
                cluster.setOptions((ClusterClientOptions) clientOptions);
                client = cluster;
            } else {
                RedisClient server = RedisClient.create(uris.get(0));
                server.setOptions(clientOptions);
                client = server;
            }
            RedisAddresses addresses = new RedisAddresses(Source.PROPERTIES, topology, uris);
            node = new StartedEngine(new RedisEngine(client, options, addresses, scheduler), "node");
        }

        HistoryResult peek(HistoryQuery query) {
            return get(node.engine.broker().peekHistory(CHANNEL, query, HISTORY));
        }

        PresenceManager presence() {
            return node.engine.presenceManager();
        }

        /** Reads until replicas serve what was written, and compares it. */
        void assertServedByReplicas(List<RedisServer> primaries, List<RedisServer> replicas) {
            StreamPosition top = node.publishNumbers(CHANNEL, 1, 3);
            get(presence().add(CHANNEL, new ClientInfo("user", "client", null, null)));

            assertServed(replicas, () -> {
                HistoryResult read = peek(ALL);
                assertThat(StartedEngine.texts(read)).containsExactly("1", "2", "3");
                assertThat(read.position()).isEqualTo(top);
            });
            assertServed(
                    replicas,
                    () -> assertThat(StartedEngine.texts(peek(HistoryQuery.latest(2))))
                            .containsExactly("3", "2"));
            assertServed(
                    replicas,
                    () -> assertThat(peek(HistoryQuery.POSITION).position()).isEqualTo(top));
            assertServed(
                    replicas,
                    () -> assertThat(get(presence().peekPresence(CHANNEL))).containsOnlyKeys("client"));
            assertServed(
                    replicas,
                    () -> assertThat(get(presence().peekStats(CHANNEL))).isEqualTo(new PresenceStats(1, 1)));

            long before = reads(replicas);
            assertThat(StartedEngine.texts(node.read(CHANNEL))).containsExactly("1", "2", "3");
            get(presence().presence(CHANNEL));
            get(presence().stats(CHANNEL));
            assertThat(reads(replicas)).as("reads of the engine itself").isEqualTo(before);
            assertThat(reads(primaries)).isZero();
        }

        private static void assertServed(List<RedisServer> replicas, Runnable read) {
            eventually(() -> {
                long before = reads(replicas);
                read.run();
                assertThat(reads(replicas)).isGreaterThan(before);
            });
        }

        @Override
        public void close() {
            node.stop();
            client.shutdown(0, 2, TimeUnit.SECONDS);
            client.getResources().shutdown(0, 2, TimeUnit.SECONDS);
            scheduler.dispose();
        }
    }

    /** How many scripts that only read a server has run. */
    private static long reads(List<RedisServer> servers) {
        return servers.stream()
                .flatMap(server -> server.text("INFO", "commandstats").lines())
                .filter(line -> line.matches("cmdstat_eval(sha)?_ro:.*"))
                .mapToLong(ReplicaReadsIntegrationTests::calls)
                .sum();
    }

    private static long calls(String line) {
        return Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1"));
    }

    private static void follow(RedisServer replica, RedisServer primary) {
        follow(replica, primary, primary.port());
    }

    /** @param port of the primary, or of what leads to it */
    private static void follow(RedisServer replica, RedisServer primary, int port) {
        replica.execute("REPLICAOF", RedisServer.HOST, String.valueOf(port));
        eventually(() -> assertThat(replica.info("master_link_status")).isEqualTo("up"));
        // The replica may say so before the primary names it to clients.
        eventually(() -> assertThat(primary.text("INFO", "replication")).contains("state=online"));
    }

    @Test
    void standalone() {
        try (RedisServer primary = SETTINGS.start();
                RedisServer replica = SETTINGS.start();
                Reader reader = new Reader(RedisTopology.STANDALONE, List.of(RedisURI.create(primary.uri())))) {
            follow(replica, primary);

            reader.assertServedByReplicas(List.of(primary), List.of(replica));

            replica.kill();
            assertThat(StartedEngine.texts(reader.peek(ALL)))
                    .as("without replicas")
                    .hasSize(3);
            assertThat(get(reader.presence().peekPresence(CHANNEL))).containsOnlyKeys("client");
            assertThat(get(reader.presence().peekStats(CHANNEL)).clients()).isEqualTo(1);
        }
    }

    @Test
    void sentinel() {
        try (RedisSentinelServers servers = RedisSentinelServers.started();
                Reader reader = new Reader(RedisTopology.SENTINEL, List.of(sentinels(servers)))) {
            reader.assertServedByReplicas(List.of(servers.primary()), List.of(servers.replica()));

            servers.failOver();
            eventually(() -> assertThat(StartedEngine.texts(reader.peek(ALL)))
                    .as("after a failover")
                    .containsExactly("1", "2", "3"));
        }
    }

    private static RedisURI sentinels(RedisSentinelServers servers) {
        RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(RedisSentinelServers.MASTER_NAME);
        servers.sentinels().forEach(sentinel -> uri.withSentinel(RedisServer.HOST, sentinel.port()));
        return uri.build();
    }

    @Test
    void cluster() {
        try (RedisClusterServers servers =
                        RedisClusterServers.builder().primaries(3).replicas(1).start();
                Reader reader = new Reader(
                        RedisTopology.CLUSTER,
                        servers.servers().stream()
                                .map(server -> RedisURI.create(server.uri()))
                                .toList())) {
            List<RedisServer> primaries = servers.primaries();
            List<RedisServer> replicas = new ArrayList<>(servers.servers());
            replicas.removeAll(primaries);

            reader.assertServedByReplicas(primaries, replicas);
        }
    }

    @Test
    void onlyThePrimaryBeginsAStreamAndServesThoseWhoAreFurtherThanTheReplica() {
        try (RedisServer primary = SETTINGS.start();
                RedisServer replica = SETTINGS.start();
                FaultProxy replication = FaultProxy.to(primary);
                FaultProxy way = FaultProxy.to(primary);
                Reader reader = new Reader(
                        RedisTopology.STANDALONE, List.of(RedisURI.create("redis://127.0.0.1:" + way.port())))) {
            follow(replica, primary, replication.port());
            // The primary names the port of the replica itself.
            reader.assertServedByReplicas(List.of(primary), List.of(replica));
            assertThat(get(reader.node.engine.broker().peekHistory("chat:new", ALL, HISTORY))
                            .position()
                            .epoch())
                    .isNotEmpty();
            eventually(
                    () -> assertThat(replica.info("slave_repl_offset")).isEqualTo(primary.info("master_repl_offset")));

            replication.blackHole();
            StreamPosition top = reader.node.publishNumbers(CHANNEL, 4, 5);

            // On a busy machine a read of the replica may take too long, and then goes to the primary.
            eventually(() -> assertThat(reader.peek(ALL).position().offset())
                    .as("a moment behind")
                    .isEqualTo(3));
            assertThat(StartedEngine.texts(reader.peek(HistoryQuery.after(new StreamPosition(4, top.epoch()), 10))))
                    .containsExactly("5");
            assertThat(StartedEngine.texts(reader.node.read(CHANNEL))).hasSize(5);
        }
    }

    @Test
    void keyOfAnotherTypeKeepsOnlyItsOwnChannelFromTheReplica() {
        try (RedisServer primary = SETTINGS.start();
                RedisServer replica = SETTINGS.start();
                Reader reader = new Reader(RedisTopology.STANDALONE, List.of(RedisURI.create(primary.uri())))) {
            follow(replica, primary);
            reader.assertServedByReplicas(List.of(primary), List.of(replica));
            RedisEngineOptions options = RedisEngineOptions.of(RedisTopology.STANDALONE);
            String meta = new String(
                    new RedisKeys(options.prefix(), new Partitions(options.partitions()))
                            .of("chat:foreign")
                            .meta(),
                    StandardCharsets.UTF_8);

            // Once more where a replica that is busy gave up a read.
            eventually(() -> {
                primary.execute("SET", meta, "foreign");
                eventually(() -> assertThat(replica.text("TYPE", meta)).contains("string"));
                long first = reads(List.of(replica));
                assertThat(get(reader.node.engine.broker().peekHistory("chat:foreign", ALL, HISTORY))
                                .publications())
                        .isEmpty();
                long before = reads(List.of(replica));
                assertThat(StartedEngine.texts(reader.peek(ALL))).containsExactly("1", "2", "3");

                assertThat(before).isGreaterThan(first);
                assertThat(reads(List.of(replica))).isGreaterThan(before);
            });
        }
    }

    @Test
    void replicaThatIsNotConnectedToItsPrimaryServesNothing() {
        try (RedisServer primary = SETTINGS.start();
                RedisServer replica = SETTINGS.start();
                FaultProxy replication = FaultProxy.to(primary);
                Reader reader = new Reader(RedisTopology.STANDALONE, List.of(RedisURI.create(primary.uri())))) {
            follow(replica, primary, replication.port());
            reader.assertServedByReplicas(List.of(primary), List.of(replica));
            eventually(
                    () -> assertThat(replica.info("slave_repl_offset")).isEqualTo(primary.info("master_repl_offset")));

            replication.refuse();
            replication.reset();
            eventually(() -> assertThat(replica.info("master_link_status")).isEqualTo("down"));
            reader.node.publishNumbers(CHANNEL, 4, 5);

            assertThat(reader.peek(ALL).position().offset()).isEqualTo(5);
        }
    }
}
