package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.actuate.RealtimeHealthIndicator;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisAcl;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RedisTls;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * How an application comes to its Redis: with TLS of a private authority, by Spring Boot's own properties, and late.
 */
class RedisConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension<RedisServer> standalone = RedisExtension.standalone();

    private static RedisTls tls;

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        tls = RedisTls.create(directory);
    }

    @Test
    void bundleThatTrustsAPrivateAuthority() throws IOException {
        try (RedisServer encrypted = RedisServer.builder().tls(tls).start();
                RedisApplication application = RedisApplication.start(
                        "realtime.redis.address=" + encrypted.address(),
                        "realtime.redis.ssl.bundle=private",
                        "spring.ssl.bundle.pem.private.truststore.certificate=" + tls.authority())) {
            assertDelivers(application, 1);

            // From now on the bundle trusts no server: open connections stay open, and new connections use it.
            application.bean(SslBundleRegistry.class).updateBundle("private", SslBundle.of(emptyTrustStore()));
            assertDelivers(application, 2);
            encrypted.kill();
            encrypted.start();

            await().atMost(PATIENCE).until(() -> status(application).equals(Status.DOWN));
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> status(application).equals(Status.DOWN));
        }
    }

    @Test
    void otherNodesLearnTheNameOfTheApplication() {
        try (RedisApplication application = RedisApplication.start(
                "realtime.redis.address=" + standalone.get().address(),
                "realtime.redis.prefix=named",
                "spring.application.name=shop")) {
            assertThat(application).isNotNull();

            assertThat(standalone.get().text("HVALS", "named:1:{control}:nodes"))
                    .contains("shop");
        }
    }

    @Test
    void everyConnectionToAClusterHasTheLoginTheNameAndTheTrustOfTheProperties() throws IOException {
        try (RedisClusterServers cluster = RedisClusterServers.builder()
                        .primaries(3)
                        .replicas(0)
                        .eachNode(node -> node.tls(tls)
                                .password("admin")
                                .user(RedisAcl.data(RedisTopology.CLUSTER, "app", "secret", "guarded")))
                        .start();
                RedisApplication application = RedisApplication.start(
                        "realtime.redis.cluster-address="
                                + cluster.servers().get(0).address(),
                        "realtime.redis.username=app",
                        "realtime.redis.password=secret",
                        "realtime.redis.client-name=chat",
                        "realtime.redis.prefix=guarded",
                        "realtime.redis.ssl.bundle=private",
                        "spring.ssl.bundle.pem.private.truststore.certificate=" + tls.authority())) {
            assertDelivers(application, 1);

            for (RedisServer node : cluster.servers()) {
                assertThat(node.text("CLIENT", "LIST", "TYPE", "pubsub").lines())
                        .isNotEmpty()
                        .allMatch(
                                connection -> connection.contains(" name=chat ") && connection.contains(" user=app "));
            }
        }
    }

    private static SslStoreBundle emptyTrustStore() {
        try {
            KeyStore nobody = KeyStore.getInstance("PKCS12");
            nobody.load(null, null);
            return SslStoreBundle.of(null, null, nobody);
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void authorityThatIsNotTrustedStopsTheStart() {
        try (RedisServer encrypted = RedisServer.builder().tls(tls).start()) {
            FailureAnalysis analysis =
                    RedisApplication.refusal("realtime.redis.address=rediss://" + encrypted.address());

            assertThat(analysis.getDescription())
                    .startsWith("`realtime.redis.address` leads to " + encrypted.address()
                            + ", with which the TLS handshake failed: ");
            assertThat(analysis.getAction())
                    .startsWith("Set `realtime.redis.ssl.bundle` to a bundle whose trust store");
        }
    }

    @Test
    void propertiesOfSpringBootLeadToTheSameRedis() throws IOException {
        try (RedisApplication application = RedisApplication.start(
                "spring.data.redis.host=" + RedisServer.HOST,
                "spring.data.redis.port=" + standalone.get().port(),
                "realtime.redis.prefix=boot")) {
            assertDelivers(application, 1);

            assertThat(status(application)).isEqualTo(Status.UP);
        }
    }

    @Test
    void poolOfAHundredConnectionsWorks() throws IOException {
        try (RedisApplication application = RedisApplication.start(
                "realtime.redis.address=" + standalone.get().address(),
                "realtime.redis.pool-size=100",
                "realtime.redis.prefix=pool")) {
            assertDelivers(application, 1);

            assertThat(standalone.get().info("connected_clients"))
                    .satisfies(connections ->
                            assertThat(Integer.parseInt(connections)).isGreaterThan(100));
        }
    }

    @Test
    void unreachableRedisStopsTheStartOrIsWaitedFor() throws IOException {
        try (RedisServer late = RedisServer.started()) {
            late.stop();

            FailureAnalysis analysis = RedisApplication.refusal("realtime.redis.address=" + late.address());

            assertThat(analysis.getDescription())
                    .matches("(?s)`realtime.redis.address` leads to " + late.address()
                            + ", where Redis cannot be reached: the connection was refused\\. It was tried"
                            + " for \\d+s\\..*");
            try (RedisApplication application =
                    RedisApplication.start("realtime.redis.address=" + late.address(), "realtime.redis.startup=wait")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        String.valueOf(redisDetails(application).get("problem")))
                                .contains("Redis cannot be reached"));
                assertThat(status(application)).isEqualTo(Status.DOWN);

                late.start();

                await().atMost(PATIENCE).until(() -> status(application).equals(Status.UP));
                assertDelivers(application, 1);
            }
        }
    }

    private static void assertDelivers(RedisApplication application, int offset) throws IOException {
        try (RawWebSocketClient client = application.connect()) {
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:room\"}}");
            assertThat(client.read().text()).contains("\"recoverable\":true");

            application
                    .bean(RealtimePublisher.class)
                    .publish("chat:room", Map.of("text", "hello"))
                    .block(PATIENCE);

            assertThat(client.read().text()).contains("\"text\":\"hello\"", "\"offset\":" + offset);
        }
    }

    private static Status status(RedisApplication application) {
        return health(application).getStatus();
    }

    private static Map<?, ?> redisDetails(RedisApplication application) {
        return (Map<?, ?>) health(application).getDetails().get("redis");
    }

    private static Health health(RedisApplication application) {
        Health health = application.bean(RealtimeHealthIndicator.class).health().block(PATIENCE);
        assertThat(health).isNotNull();
        return health;
    }
}
