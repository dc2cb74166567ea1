package dev.realtime.engine.redis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.engine.redis.options.RedisTopology;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves once each thing that other tests rely on when they start and hurt a server. */
class RedisServersIntegrationTests {

    @Test
    void serverStartedAgainHasItsPortAndIsEmpty() {
        try (RedisServer server = RedisServer.started()) {
            server.execute("SET", "key", "value");

            server.kill();

            assertThat(server.running()).isFalse();
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> server.execute("PING"));

            server.start();

            assertThat(server.execute("GET", "key")).isNull();
        }
    }

    @Test
    void persistentServerKeepsItsDataOverKillUnlessWiped() {
        try (RedisServer server = RedisServer.builder().persistent().start()) {
            server.execute("SET", "key", "value");

            server.kill();
            server.start();

            assertThat(server.execute("GET", "key")).isEqualTo("value");

            server.kill();
            server.wipe();
            server.start();

            assertThat(server.execute("GET", "key")).isNull();
        }
    }

    @Test
    void stoppedServerSaysGoodbye() {
        try (RedisServer server = RedisServer.started()) {
            server.stop();

            assertThat(server.running()).isFalse();
            assertThat(server.log()).contains("bye bye");
        }
    }

    @Test
    void pausedServerTakesConnectionsButAnswersOnlyWhenResumed() {
        try (RedisServer server = RedisServer.started();
                RespConnection connection = RespConnection.open(
                        RedisServer.HOST, server.port(), null, null, null, Duration.ofMillis(200))) {
            server.pause();

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> connection.command("PING"));

            server.resume();

            assertThat(server.execute("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void passwordIsAskedForAndUsed() {
        try (RedisServer server = RedisServer.builder()
                        .password("secret")
                        .user("reader on >also-secret ~* +get")
                        .start();
                RespConnection stranger =
                        RespConnection.open(RedisServer.HOST, server.port(), null, null, null, Duration.ofSeconds(5));
                RespConnection reader = server.connect("reader", "also-secret")) {
            assertThatExceptionOfType(RedisErrorReply.class)
                    .isThrownBy(() -> stranger.command("GET", "key"))
                    .withMessageStartingWith("NOAUTH");
            assertThatExceptionOfType(RedisErrorReply.class)
                    .isThrownBy(() -> reader.command("SET", "key", "value"))
                    .withMessageStartingWith("NOPERM");
            assertThat(server.execute("SET", "key", "value")).isEqualTo("OK");
            assertThat(reader.command("GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void serverWithTlsRefusesPlainTcp() {
        RedisTls tls = RedisTls.shared();
        try (RedisServer server = RedisServer.builder().tls(tls).start()) {
            assertThat(server.uri()).startsWith("rediss://");
            assertThat(server.execute("PING")).isEqualTo("PONG");
            try (RespConnection plain =
                    RespConnection.open(RedisServer.HOST, server.port(), null, null, null, Duration.ofSeconds(5))) {
                assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> plain.command("PING"));
            }
        }
    }

    @Test
    void clusterMovesSlotsWithTheirKeysAndFailsOver() {
        try (RedisClusterServers cluster = RedisClusterServers.started()) {
            // given: a key, which hashes to slot 12182
            int slot = 12182;
            RedisServer first = cluster.primaryOf(slot);
            first.execute("SET", "foo", "bar");

            // when: its slot moves
            RedisServer second = cluster.primaryOf(0);
            cluster.moveSlots(slot, slot, second);

            // then
            assertThat(second).isNotSameAs(first);
            assertThat(cluster.primaryOf(slot)).isSameAs(second);
            assertThat(second.execute("GET", "foo")).isEqualTo("bar");

            // when: its primary hands over, and the new one is killed
            cluster.awaitHealthy();
            RedisServer third = cluster.failOver(slot);
            assertThat(third).isNotSameAs(second);
            assertThat(third.execute("GET", "foo")).isEqualTo("bar");
            cluster.awaitHealthy();
            RedisServer killed = cluster.killPrimaryOf(slot);
            RedisServer fourth = cluster.awaitPrimaryOtherThan(killed, slot);

            // then
            assertThat(killed).isSameAs(third);
            assertThat(fourth).isSameAs(second);
            assertThat(fourth.execute("GET", "foo")).isEqualTo("bar");

            // when: the killed one comes back
            killed.start();
            cluster.awaitHealthy();

            // then
            assertThat(cluster.replicasOf(fourth)).contains(killed);
        }
    }

    @Test
    void clusterTakesAndLosesNodes() {
        try (RedisClusterServers cluster =
                RedisClusterServers.builder().primaries(1).replicas(0).start()) {
            RedisServer only = cluster.primaryOf(0);
            RedisServer added = cluster.addNode();

            cluster.moveSlots(0, 5, added);

            assertThat(cluster.primaries()).containsExactlyInAnyOrder(only, added);
            assertThat(cluster.primaryOf(5)).isSameAs(added);

            cluster.moveSlots(0, 5, only);
            cluster.removeNode(added);

            assertThat(cluster.primaries()).isEqualTo(List.of(only));
        }
    }

    @Test
    void clusterWithPasswordAndTlsMovesKeys() {
        RedisTls tls = RedisTls.shared();
        try (RedisClusterServers cluster = RedisClusterServers.builder()
                .primaries(2)
                .replicas(0)
                .eachNode(node -> node.tls(tls).password("secret"))
                .start()) {
            RedisServer target = cluster.primaryOf(0);
            cluster.primaryOf(12182).execute("SET", "foo", "bar");

            cluster.moveSlots(12182, 12182, target);

            assertThat(target.execute("GET", "foo")).isEqualTo("bar");
        }
    }

    @Test
    void sentinelsFailOverByCommandAndByDeath() {
        try (RedisSentinelServers servers = RedisSentinelServers.started()) {
            RedisServer first = servers.primary();
            RedisServer second = servers.replica();

            assertThat(servers.failOver()).isSameAs(second);

            servers.awaitHealthy();
            assertThat(servers.killPrimary()).isSameAs(second);
            assertThat(servers.awaitPrimaryOtherThan(second)).isSameAs(first);

            second.start();
            servers.awaitHealthy();

            assertThat(second.running()).isTrue();
        }
    }

    @Test
    void sentinelsMayHaveAPasswordOfTheirOwn() {
        try (RedisSentinelServers servers = RedisSentinelServers.builder()
                .data(data -> data.password("of-data"))
                .sentinels(sentinels -> sentinels.password("of-sentinels"))
                .start()) {
            assertThat(servers.seeds()).contains("redis://:of-sentinels@127.0.0.1:");
            assertThat(servers.primary().uri()).contains(":of-data@");
        }
    }

    @Test
    void leastPrivilegedUserReachesOnlyItsPrefix() {
        try (RedisServer server = RedisServer.builder()
                        .user(RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "realtime"))
                        .start();
                RespConnection app = server.connect("app", "secret")) {
            assertThat(app.command("EVAL", "return redis.call('hset', KEYS[1], 'a', 'b')", "1", "realtime.x"))
                    .isEqualTo(1L);
            assertThat(app.command("SPUBLISH", "realtime.x", "message")).isEqualTo(0L);
            for (String[] forbidden : List.of(
                    new String[] {"HSET", "other", "a", "b"},
                    new String[] {"PUBLISH", "other", "message"},
                    new String[] {"KEYS", "*"},
                    new String[] {"FLUSHALL"},
                    new String[] {"CONFIG", "GET", "*"})) {
                assertThatExceptionOfType(RedisErrorReply.class)
                        .as(forbidden[0])
                        .isThrownBy(() -> app.command(forbidden))
                        .withMessageStartingWith("NOPERM");
            }
        }
    }

    @Test
    void leastPrivilegedUsersAreUnderstoodByEveryTopology() {
        String cluster = RedisAcl.data(RedisTopology.CLUSTER, "app", "secret", "realtime");
        try (RedisClusterServers servers = RedisClusterServers.builder()
                        .primaries(1)
                        .replicas(0)
                        .eachNode(node -> node.password("of-admin").user(cluster))
                        .start();
                RespConnection app = servers.primaryOf(0).connect("app", "secret")) {
            assertThat(app.text("CLUSTER", "NODES")).isNotEmpty();
        }
        try (RedisServer sentinel = RedisServer.builder()
                        .sentinel()
                        .user(RedisAcl.sentinel("watcher", "secret"))
                        .start();
                RespConnection watcher = sentinel.connect("watcher", "secret")) {
            assertThat(watcher.command("SENTINEL", "MASTERS")).isEqualTo(List.of());
            assertThatExceptionOfType(RedisErrorReply.class)
                    .isThrownBy(() -> watcher.command("SENTINEL", "RESET", "*"))
                    .withMessageStartingWith("NOPERM");
        }
    }
}
