package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.Refusals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What stops start-up before a connection to Redis is opened, and what the operator then reads. */
class RefusedRedisConfigurationAutoConfigurationTests {

    private static final String ADDRESS = "realtime.redis.address=cache";

    private static final String CLUSTER = "realtime.redis.cluster-address=node";

    private static final String SENTINEL = "realtime.redis.sentinel-address=watcher";

    private static final String NAME = "realtime.redis.sentinel-master-name=main";

    @Test
    void twoKindsOfAddresses() {
        FailureAnalysis analysis = refusalOf(ADDRESS, CLUSTER);

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.address` and `realtime.redis.cluster-address` are both set, but Redis is"
                        + " either one server, or a cluster, or behind Sentinel.");
        assertThat(analysis.getAction()).isEqualTo("Keep the one that fits your Redis and remove the other.");
        assertThat(refusalOf(CLUSTER, SENTINEL, NAME).getDescription())
                .startsWith("`realtime.redis.cluster-address` and `realtime.redis.sentinel-address` are both set");
    }

    @Test
    void severalSingleServers() {
        FailureAnalysis analysis = refusalOf("realtime.redis.address=a:6379,b:6379");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.address` holds several addresses, but it is for a single server.");
        assertThat(analysis.getAction()).contains("`realtime.redis.cluster-address`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"realtime.redis.cluster-address=redis://node/1", "realtime.redis.database=1"})
    void databaseInACluster(String property) {
        FailureAnalysis analysis = refusalOf(CLUSTER, property);

        assertThat(analysis.getDescription())
                .startsWith(
                        "Database 1 is set, but a Redis Cluster (`realtime.redis.cluster-address`) has only database"
                                + " 0.");
        assertThat(analysis.getAction())
                .isEqualTo("Remove it. To keep applications apart in one cluster, give each its own"
                        + " `realtime.redis.prefix`.");
    }

    @Test
    void sentinelWithoutTheNameOfThePrimary() {
        FailureAnalysis analysis = refusalOf(SENTINEL);

        assertThat(analysis.getDescription())
                .startsWith(
                        "`realtime.redis.sentinel-address` is set but `realtime.redis.sentinel-master-name` is not, so"
                                + " Sentinel could not be queried for the primary.");
        assertThat(analysis.getAction())
                .startsWith("Set `realtime.redis.sentinel-master-name` to the name in the line `sentinel monitor <name>"
                        + " ...`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentinel-master-name", "sentinel-username", "sentinel-password"})
    void settingOfSentinelWithoutSentinel(String setting) {
        FailureAnalysis analysis = refusalOf(ADDRESS, "realtime.redis." + setting + "=canary");

        assertThat(analysis.getDescription())
                .startsWith(
                        ("`realtime.redis.%s` is set but `realtime.redis.sentinel-address` is not, so it would not be"
                                        + " used.")
                                .formatted(setting))
                .doesNotContain("canary");
    }

    @Test
    void passwordAmongTheSentinels() {
        FailureAnalysis analysis = refusalOf("realtime.redis.sentinel-address=redis://:canary@watcher", NAME);

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.sentinel-address` holds a password, which may be meant for Sentinel or for"
                        + " Redis.")
                .doesNotContain("canary");
    }

    @Test
    void userWithoutAPassword() {
        assertThat(refusalOf(ADDRESS, "realtime.redis.username=app").getDescription())
                .startsWith("`realtime.redis.username` is set but `realtime.redis.password` is not");
        assertThat(refusalOf(SENTINEL, NAME, "realtime.redis.sentinel-username=app")
                        .getDescription())
                .startsWith("`realtime.redis.sentinel-username` is set but `realtime.redis.sentinel-password` is not");
    }

    @Test
    void credentialsThatDiffer() {
        FailureAnalysis analysis =
                refusalOf("realtime.redis.address=redis://:canary1@cache", "realtime.redis.password=canary2");

        assertThat(analysis.getDescription())
                .startsWith("There are two different values of the password: in `realtime.redis.password` or in the"
                        + " addresses of `realtime.redis.address`.")
                .doesNotContain("canary");
        assertThat(refusalOf("realtime.redis.cluster-address=redis://:canary1@a,redis://:canary2@b")
                        .getDescription())
                .startsWith("There are two different values of the password")
                .doesNotContain("canary");
    }

    @Test
    void databasesThatDiffer() {
        assertThat(refusalOf("realtime.redis.address=redis://cache/1", "realtime.redis.database=2")
                        .getDescription())
                .startsWith("There are two different numbers of the database");
    }

    @Test
    void addressesWithTlsAndWithout() {
        FailureAnalysis analysis = refusalOf("realtime.redis.cluster-address=rediss://a,redis://b");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.cluster-address` mixes addresses with TLS (`rediss://`) and without");
    }

    @ParameterizedTest
    @CsvSource({
        "realtime.redis.address=rediss://cache, `realtime.redis.address` (`rediss://`)",
        "realtime.redis.ssl.bundle=private, `realtime.redis.ssl.bundle`",
    })
    void tlsThatIsSwitchedOff(String property, String asks) {
        FailureAnalysis analysis = refusalOf(ADDRESS, property, "realtime.redis.ssl.enabled=false");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.ssl.enabled` is `false`, but " + asks + " requires TLS.");
    }

    @Test
    void bundleThatDoesNotExist() {
        FailureAnalysis analysis = refusalOf(ADDRESS, "realtime.redis.ssl.bundle=private");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.ssl.bundle` is `private`, but there is no SSL bundle of that name.");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Define it under `spring.ssl.bundle.pem.private` or `spring.ssl.bundle.jks.private`, or correct"
                                + " the name.");
    }

    @Test
    void presenceThatIsGoneBeforeItIsRefreshed() {
        FailureAnalysis analysis = refusalOf(ADDRESS, "realtime.redis.presence-ttl=20s");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.presence-ttl` is `20s` but presence is refreshed every `27s`"
                        + " (`realtime.client.presence-update-interval`)");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Set `realtime.redis.presence-ttl` to at least twice the interval, or shorten the interval.");
    }

    @Test
    void presenceThatLivesForPartOfASecond() {
        assertThat(refusalOf(ADDRESS, "realtime.redis.presence-ttl=60500ms").getDescription())
                .startsWith("`realtime.redis.presence-ttl` is `60500ms`, but Redis takes whole seconds.");
    }

    @ParameterizedTest
    @CsvSource({
        "partitions, 0, 'but must be from 1 to 4096.'",
        "partitions, 5000, 'but must be from 1 to 4096.'",
        "pool-size, 0, 'but must be from 1 to 1000.'",
        "connect-timeout, 0s, 'so no connection could be opened in time.'",
        "read-timeout, 0s, 'so no command could be answered in time.'",
        "write-timeout, -1s, 'but it cannot be negative.'",
        "ping-timeout, 0s, 'so every connection would be replaced before Redis could answer.'",
        "topology-refresh-interval, 0s, 'but the topology is read at that interval.'",
        "database, -1, 'but it cannot be negative.'",
        "client-name, 'a b', 'but Redis accepts only visible ASCII characters and no spaces.'",
        "prefix, '{chat}', 'but names of keys begin with it'",
        "prefix, 'chat*', 'but names of keys begin with it'",
    })
    void valueThatCannotWork(String setting, String value, String why) {
        FailureAnalysis analysis = refusalOf(ADDRESS, "realtime.redis." + setting + "=" + value);

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.%s` is `%s`, ".formatted(setting, value))
                .contains(why);
    }

    private static FailureAnalysis refusalOf(String... properties) {
        FailureAnalysis[] analysis = new FailureAnalysis[1];
        RedisRunner.waiting(properties).run(context -> analysis[0] = Refusals.analyze(context));
        return analysis[0];
    }
}
