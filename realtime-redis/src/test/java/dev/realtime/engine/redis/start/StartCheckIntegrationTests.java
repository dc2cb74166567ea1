package dev.realtime.engine.redis.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.realtime.engine.redis.connection.LinkRig;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisAcl;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RedisTls;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.resource.ClientResources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** What is found at the start, and what is then said. Each text is asserted whole: it is all an operator gets. */
class StartCheckIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> standalone = RedisExtension.standalone();

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.cluster();

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> sentinel = RedisExtension.sentinel();

    private static final ClientResources resources = ClientResources.create();

    private static RedisTls tls;

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) {
        tls = RedisTls.create(directory);
    }

    @AfterAll
    static void shutDown() {
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void rightKindOfRedisPasses() {
        RedisURI sentinels = sentinels(RedisSentinelServers.MASTER_NAME);

        assertThatNoException().isThrownBy(() -> check(options(RedisTopology.STANDALONE), uri(standalone.get())));
        assertThatNoException()
                .isThrownBy(() -> check(
                        options(RedisTopology.CLUSTER),
                        uri(cluster.get().servers().get(0))));
        assertThatNoException().isThrownBy(() -> check(options(RedisTopology.SENTINEL), sentinels));
    }

    @Test
    void addressAtAClusterNode() {
        RedisServer node = cluster.get().servers().get(0);

        RedisStartException failure = failure(options(RedisTopology.STANDALONE), uri(node));

        assertThat(failure.property()).isEqualTo("realtime.redis.address");
        assertThat(failure.description())
                .isEqualTo(
                        "`realtime.redis.address` leads to %s, which is a node of a Redis Cluster. A connection to one"
                                + " server would look healthy at first and fail as soon as clients subscribe, because"
                                + " most keys live on other nodes.",
                        node.address());
        assertThat(failure.action())
                .isEqualTo(
                        "Set `realtime.redis.cluster-address=redis://%s` instead of `realtime.redis.address`. One node"
                                + " is enough, the others are found through it.",
                        node.address());
    }

    @Test
    void addressWithADatabaseAtAClusterNode() {
        RedisURI uri = uri(cluster.get().servers().get(0));
        uri.setDatabase(1);

        assertThat(failure(options(RedisTopology.STANDALONE), uri).description())
                .contains("which is a node of a Redis Cluster");
    }

    @Test
    void clusterAddressAtAStandaloneServer() {
        RedisStartException failure = failure(options(RedisTopology.CLUSTER), uri(standalone.get()));

        assertThat(failure.description())
                .isEqualTo(
                        "`realtime.redis.cluster-address` leads to %s, which is a single server and not a node of a"
                                + " Redis Cluster, so it knows of no slots and no other nodes.",
                        standalone.get().address());
        assertThat(failure.action())
                .isEqualTo(
                        "Set `realtime.redis.address=redis://%s` instead of `realtime.redis.cluster-address`. Use the"
                                + " same kind of Redis in development as in production.",
                        standalone.get().address());
    }

    @Test
    void addressAtASentinel() {
        RedisServer server = sentinel.get().sentinels().get(0);

        for (RedisTopology topology : List.of(RedisTopology.STANDALONE, RedisTopology.CLUSTER)) {
            RedisStartException failure = failure(options(topology), uri(server));

            assertThat(failure.description())
                    .isEqualTo(
                            "`%s` leads to %s, which is a Sentinel: it knows where Redis is, but keeps no data itself.",
                            RedisAddresses.property(topology), server.address());
            assertThat(failure.action())
                    .isEqualTo(
                            "Set `realtime.redis.sentinel-address=redis://%s` and"
                                    + " `realtime.redis.sentinel-master-name=mymaster` instead of `%s`.",
                            server.address(), RedisAddresses.property(topology));
        }
    }

    @Test
    void sentinelAddressAtAServerWithData() {
        RedisURI uri = RedisURI.Builder.sentinel(
                        RedisServer.HOST, standalone.get().port(), "mymaster")
                .build();

        RedisStartException failure = failure(options(RedisTopology.SENTINEL), uri);

        assertThat(failure.description())
                .isEqualTo(
                        "`realtime.redis.sentinel-address` leads to %s, which is a Redis server and not a Sentinel, so"
                                + " it does not know the address of the primary.",
                        standalone.get().address());
        assertThat(failure.action())
                .isEqualTo(
                        "Set `realtime.redis.address=redis://%s` instead of `realtime.redis.sentinel-address`."
                                + " Sentinels usually listen on port 26379.",
                        standalone.get().address());
    }

    @Test
    void sentinelThatDoesNotKnowThePrimary() {
        RedisStartException failure = failure(options(RedisTopology.SENTINEL), sentinels("main"));

        assertThat(failure.property()).isEqualTo("realtime.redis.sentinel-master-name");
        assertThat(failure.description())
                .matches("The Sentinel at 127.0.0.1:\\d+ does not monitor a primary named `main`; it monitors"
                        + " `mymaster`\\.");
        assertThat(failure.action())
                .isEqualTo("Set `realtime.redis.sentinel-master-name` to the name in the line `sentinel monitor <name>"
                        + " ...` of its configuration.");
    }

    @Test
    void replicaIsNoPlaceToWriteTo() {
        RedisServer replica = sentinel.get().replica();

        RedisStartException failure = failure(briefly(RedisTopology.STANDALONE), uri(replica));

        assertThat(failure.description())
                .startsWith("`realtime.redis.address` leads to " + replica.address()
                        + ", which is a replica and refuses writes. It was tried for ");
    }

    @Test
    void nothingListens() {
        RedisURI uri = RedisURI.create("redis://127.0.0.1:28999");
        List<RedisStartException> problems = new CopyOnWriteArrayList<>();

        RedisStartException failure = catchThrowableOfType(
                RedisStartException.class, () -> check(briefly(RedisTopology.STANDALONE), problems::add, uri));

        assertThat(failure.description())
                .matches("`realtime.redis.address` leads to 127.0.0.1:28999, where Redis cannot be reached: the"
                        + " connection was refused. It was tried for [\\dms]+\\.");
        assertThat(failure.action())
                .isEqualTo("Start Redis there or correct the address. To start without Redis and wait for it, set"
                        + " `realtime.redis.startup=wait`; for a single node without Redis, `realtime.engine=memory`.");
        assertThat(problems).isNotEmpty();
    }

    @Test
    void hostNameThatIsNotKnown() {
        assertThat(failure(briefly(RedisTopology.STANDALONE), RedisURI.create("redis://redis.invalid:6379"))
                        .description())
                .startsWith(
                        "`realtime.redis.address` leads to redis.invalid:6379, where Redis cannot be reached: the host"
                                + " name is not known.");
    }

    @Test
    void frozenServer() {
        try (RedisServer frozen = RedisServer.started()) {
            frozen.pause();

            RedisStartException failure = failure(briefly(RedisTopology.STANDALONE), uri(frozen));

            assertThat(failure.description()).contains("no reply within 1s");
            frozen.resume();
        }
    }

    @Test
    void oneSeedOfAClusterIsEnough() {
        assertThatNoException()
                .isThrownBy(() -> check(
                        options(RedisTopology.CLUSTER),
                        RedisURI.create("redis://127.0.0.1:28999"),
                        uri(cluster.get().servers().get(1))));
    }

    @Test
    void passwordThatIsMissingWrongOrTooMuch() {
        try (RedisServer guarded = RedisServer.builder().password("right").start()) {
            RedisURI none = RedisURI.create(RedisServer.HOST, guarded.port());
            RedisURI wrong = RedisURI.create("redis://:canary@" + guarded.address());
            RedisURI tooMuch =
                    RedisURI.create("redis://:canary@" + standalone.get().address());

            assertThat(failure(options(RedisTopology.STANDALONE), none))
                    .hasMessageStartingWith(
                            "Redis at %s asks for a password, and none is set: NOAUTH", guarded.address())
                    .hasMessageEndingWith(
                            "Set `realtime.redis.password`, and `realtime.redis.username` if it has users.");
            assertThat(failure(options(RedisTopology.STANDALONE), wrong))
                    .hasMessageStartingWith(
                            "Redis at %s refused the user name or the password: WRONGPASS", guarded.address())
                    .hasMessageEndingWith("Correct `realtime.redis.username` and `realtime.redis.password`.")
                    .hasMessageNotContaining("canary");
            assertThatNoException().isThrownBy(() -> check(options(RedisTopology.STANDALONE), uri(guarded)));
            // The default user without a password takes any.
            assertThatNoException().isThrownBy(() -> check(options(RedisTopology.STANDALONE), tooMuch));
        }
    }

    @Test
    void userWithoutTheRightsOfTheEngine() {
        try (RedisServer guarded = RedisServer.builder()
                .user("poor on >secret ~* &* +@all -eval -evalsha")
                .user("elsewhere on >secret ~realtime:* &other:* +@all")
                .user("reader on >secret ~other:* &* +@all")
                .user("writer on >secret ~* &* +@all -xadd")
                .user("sender on >secret ~* &* +@all -evalsha")
                .user("mute on >secret ~* &* +@all -subscribe")
                .user("enough on >secret ~realtime:* &realtime:* +@all -info")
                .start()) {
            for (String name : List.of("poor", "elsewhere", "reader", "writer", "sender", "mute")) {
                RedisStartException failure =
                        failure(patiently(RedisTopology.STANDALONE), RedisURI.create(guarded.uri(name, "secret")));

                assertThat(failure.property()).isEqualTo("realtime.redis.username");
                assertThat(failure.description())
                        .startsWith("The user of Redis at %s lacks rights that the engine needs: NOPERM"
                                .formatted(guarded.address()));
            }
            assertThatNoException()
                    .isThrownBy(() -> check(
                            patiently(RedisTopology.STANDALONE), RedisURI.create(guarded.uri("enough", "secret"))));
        }
    }

    @Test
    void refusalOfASubscriptionThatTakesLongIsStillARefusal() {
        try (RedisServer guarded = RedisServer.builder()
                        .user("mute on >secret ~* &* +@all -subscribe")
                        .user("deaf on >secret ~* &* +@all -unsubscribe")
                        .user("all on >secret ~* &* +@all")
                        .start();
                FaultProxy slow = FaultProxy.to(guarded)) {
            slow.delay(FaultProxy.Direction.TO_CLIENT, Duration.ofMillis(150));
            String address = "secret@" + RedisServer.HOST + ":" + slow.port();

            for (String name : List.of("mute", "deaf")) {
                assertThat(failure(
                                        patiently(RedisTopology.STANDALONE),
                                        RedisURI.create("redis://" + name + ":" + address))
                                .description())
                        .contains("lacks rights that the engine needs: NOPERM");
            }
            assertThatNoException()
                    .isThrownBy(() ->
                            check(patiently(RedisTopology.STANDALONE), RedisURI.create("redis://all:" + address)));
        }
    }

    /** Whatever the engine sends and cannot do without is checked, so that a missing right shows at the start. */
    @Test
    void userWithoutAnyOneOfTheCommandsOfTheEngine() {
        // Not used by this engine, not to be refused, or not needed.
        Set<String> others = Set.of(
                "auth", "hello", "select", "client|setname", "info", "time", "spublish", "ssubscribe", "sunsubscribe");
        String all = RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "realtime");
        List<String> needed = Pattern.compile("\\+(\\S+)")
                .matcher(all)
                .results()
                .map(match -> match.group(1))
                .filter(command -> !others.contains(command))
                .toList();
        try (RedisServer guarded = RedisServer.builder().user(all).start()) {
            for (String command : needed) {
                guarded.execute("ACL", "SETUSER", "app", "-" + command);

                assertThat(failure(patiently(RedisTopology.STANDALONE), RedisURI.create(guarded.uri("app", "secret")))
                                .description())
                        .as(command)
                        .contains("lacks rights that the engine needs: NOPERM")
                        .contains(command);
                guarded.execute("ACL", "SETUSER", "app", "+" + command);
            }
        }
        assertThat(needed).hasSizeGreaterThan(25);
    }

    @Test
    void userOfAClusterWithoutItsCommands() {
        for (String command : List.of("cluster|nodes", "asking")) {
            try (RedisServer node = RedisServer.builder()
                    .setting("cluster-enabled", "yes")
                    .user(RedisAcl.data(RedisTopology.CLUSTER, "app", "secret", "realtime") + " -" + command)
                    .start()) {
                node.execute("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
                LinkRig.await("a cluster of one")
                        .until(() -> node.text("CLUSTER", "INFO").contains("cluster_state:ok"));

                assertThat(failure(patiently(RedisTopology.CLUSTER), RedisURI.create(node.uri("app", "secret")))
                                .description())
                        .contains("lacks rights that the engine needs: NOPERM")
                        .contains(command);
            }
        }
    }

    @Test
    void userOfTheDocumentationHasTheRightsOfTheEngine() {
        try (RedisServer guarded = RedisServer.builder()
                .user(RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "realtime"))
                .start()) {
            assertThatNoException()
                    .isThrownBy(() ->
                            check(patiently(RedisTopology.STANDALONE), RedisURI.create(guarded.uri("app", "secret"))));
        }
    }

    @Test
    void clusterNodeIsKnownWithoutTheRightToAsk() {
        try (RedisServer node = RedisServer.builder()
                .setting("cluster-enabled", "yes")
                .user("app on >secret ~* &* +@all -info")
                .start()) {
            RedisURI uri = RedisURI.create(node.uri("app", "secret"));

            assertThat(failure(options(RedisTopology.STANDALONE), uri).description())
                    .contains("which is a node of a Redis Cluster");
        }
    }

    @Test
    void databaseThatDoesNotExist() {
        RedisURI uri = uri(standalone.get());
        uri.setDatabase(99);

        RedisStartException failure = failure(options(RedisTopology.STANDALONE), uri);

        assertThat(failure)
                .hasMessage(
                        "Redis at %s has no database 99: ERR DB index is out of range. Set `realtime.redis.database`"
                                + " to one it has; usually there are 0 to 15.",
                        standalone.get().address());
    }

    @Test
    void tlsOnOneSideOnly() {
        try (RedisServer encrypted = RedisServer.builder().tls(tls).start()) {
            RedisURI plain = RedisURI.create(RedisServer.HOST, encrypted.port());
            RedisURI secure = RedisURI.create("rediss://" + standalone.get().address());

            assertThat(failure(options(RedisTopology.STANDALONE), plain))
                    .hasMessage(
                            "`realtime.redis.address` leads to %s, which expects TLS, but the connection is not"
                                    + " encrypted. Write `rediss://` for `redis://`, or set"
                                    + " `realtime.redis.ssl.bundle` to a bundle that trusts its certificate.",
                            encrypted.address());
            assertThat(failure(options(RedisTopology.STANDALONE), secure))
                    .hasMessage(
                            "`realtime.redis.address` leads to %s, which is configured with TLS, but does not use TLS"
                                    + " on that port. Use the TLS port of the server, or write `redis://` for"
                                    + " `rediss://` and remove `realtime.redis.ssl.*`.",
                            standalone.get().address());
        }
    }

    @Test
    void certificateOfAnAuthorityThatIsNotTrusted() {
        try (RedisServer encrypted = RedisServer.builder().tls(tls).start()) {
            RedisStartException failure = failure(options(RedisTopology.STANDALONE), uri(encrypted));

            assertThat(failure.property()).isEqualTo("realtime.redis.ssl.bundle");
            assertThat(failure.description())
                    .startsWith("`realtime.redis.address` leads to %s, with which the TLS handshake failed: PKIX"
                            .formatted(encrypted.address()));
            assertThat(failure.action())
                    .startsWith("Set `realtime.redis.ssl.bundle` to a bundle whose trust store holds");
            SslOptions trusting =
                    SslOptions.builder().trustManager(tls.authority().toFile()).build();
            assertThatNoException()
                    .isThrownBy(
                            () -> check(options(RedisTopology.STANDALONE), trusting, problem -> {}, uri(encrypted)));
        }
    }

    @Test
    void waitingTellsEachProblemAndEndsWhenRedisIsThere() {
        RedisServer late = RedisServer.started();
        late.stop();
        List<RedisStartException> problems = new CopyOnWriteArrayList<>();
        RedisEngineOptions options = options(RedisTopology.STANDALONE, true, Duration.ZERO);
        boolean[] done = new boolean[1];
        RedisClient client = client(options, SslOptions.create());

        Disposable running = new StartCheck(client, options, addresses(options, uri(late)), Schedulers.parallel())
                .run(problems::add)
                .subscribe(nothing -> {}, failure -> {}, () -> done[0] = true);
        await().until(() -> problems.size() > 1);
        late.start();

        await().until(() -> done[0]);
        running.dispose();
        client.shutdown(0, 1, TimeUnit.SECONDS);
        late.close();
    }

    private static RedisStartException failure(RedisEngineOptions options, RedisURI... uris) {
        RedisStartException failure = catchThrowableOfType(RedisStartException.class, () -> check(options, uris));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void check(RedisEngineOptions options, RedisURI... uris) {
        check(options, problem -> {}, uris);
    }

    private static void check(RedisEngineOptions options, Consumer<RedisStartException> problem, RedisURI... uris) {
        check(options, SslOptions.create(), problem, uris);
    }

    private static void check(
            RedisEngineOptions options, SslOptions ssl, Consumer<RedisStartException> problem, RedisURI... uris) {
        RedisClient client = client(options, ssl);
        try {
            new StartCheck(client, options, addresses(options, uris), Schedulers.parallel())
                    .run(problem)
                    .block(Duration.ofSeconds(30));
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    private static RedisClient client(RedisEngineOptions options, SslOptions ssl) {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(LettuceOptions.of(options, ssl));
        return client;
    }

    private static RedisAddresses addresses(RedisEngineOptions options, RedisURI... uris) {
        return new RedisAddresses(Source.PROPERTIES, options.topology(), List.of(uris));
    }

    private static RedisURI uri(RedisServer server) {
        return RedisURI.create(server.uri());
    }

    private static RedisURI sentinels(String name) {
        RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(name);
        sentinel.get().sentinels().forEach(server -> uri.withSentinel(RedisServer.HOST, server.port()));
        return uri.build();
    }

    private static RedisEngineOptions options(RedisTopology topology) {
        return options(topology, false, Duration.ofSeconds(10));
    }

    /** Gives up after a few seconds. */
    private static RedisEngineOptions briefly(RedisTopology topology) {
        return options(topology, false, Duration.ofSeconds(4));
    }

    /**
     * Waits long for each reply. A command whose reply is late counts as permitted, so on a busy machine a refusal may
     * not be seen in the usual second.
     */
    private static RedisEngineOptions patiently(RedisTopology topology) {
        return options(topology).toBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .commandTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static RedisEngineOptions options(RedisTopology topology, boolean wait, Duration startTimeout) {
        return RedisEngineOptions.builder(topology)
                .waitForRedis(wait)
                .startTimeout(startTimeout)
                .build();
    }
}
