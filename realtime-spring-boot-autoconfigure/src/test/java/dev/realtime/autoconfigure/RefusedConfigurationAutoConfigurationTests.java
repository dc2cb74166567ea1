package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/**
 * What stops start-up, and what the operator then reads. The values themselves are refused in PropertiesMapperTests.
 */
class RefusedConfigurationAutoConfigurationTests {

    private static final AutoConfigurations REALTIME = RealtimeFacets.with();

    private final ReactiveWebApplicationContextRunner runner =
            new ReactiveWebApplicationContextRunner().withConfiguration(REALTIME);

    @Test
    void redisAddressBesideTheMemoryEngine() {
        FailureAnalysis analysis = refusalOf("realtime.redis.cluster-address=redis://user:secret@cache:6379");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.cluster-address` is set but `realtime.engine` is `memory`, so the cluster"
                        + " would not be used.")
                .doesNotContain("secret");
        assertThat(analysis.getAction())
                .isEqualTo("Set `realtime.engine=redis`, or remove `realtime.redis.cluster-address`.");
    }

    @Test
    void redisEngineWithoutAnAddress() {
        FailureAnalysis analysis = refusalOf("realtime.engine=redis");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.engine` is `redis` but no address is set, so there is no Redis to talk to.");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Set `realtime.redis.address` for a single server, `realtime.redis.cluster-address` for a Redis"
                                + " Cluster, or `realtime.redis.sentinel-address` for Sentinel. To use the Redis of the"
                                + " application (`spring.data.redis.*`), add spring-boot-starter-data-redis.");
    }

    @Test
    void unknownEngine() {
        runner.withPropertyValues("realtime.engine=rediss")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseMessage("No enum constant "
                                + RealtimeProperties.EngineType.class.getCanonicalName() + ".rediss")
                        .hasStackTraceContaining(BindException.class.getName()));
    }

    @Test
    void valueOfAClientProperty() {
        FailureAnalysis analysis = refusalOf("realtime.client.pong-timeout=30s");

        assertThat(analysis.getDescription()).startsWith("`realtime.client.pong-timeout` is `30s` but");
        assertThat(analysis.getAction())
                .isEqualTo("Set `realtime.client.pong-timeout` below `realtime.client.ping-interval`.");
    }

    @Test
    void presenceTtlBelowTheUpdateInterval() {
        FailureAnalysis analysis = refusalOf("realtime.client.presence-update-interval=2m");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.memory.presence-ttl` is `60s` but presence is refreshed every `120s`");
    }

    @Test
    void negativeShutdownTimeout() {
        FailureAnalysis analysis = refusalOf("realtime.shutdown.timeout=-1s");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.shutdown.timeout` is `-1s`, but it cannot be negative.");
    }

    @Test
    void channelOptionsThatContradict() {
        FailureAnalysis analysis = refusalOf("realtime.channel.namespaces.chat.force-recovery=true");

        assertThat(analysis.getDescription())
                .startsWith(
                        "`realtime.channel.namespaces.chat.force-recovery` is true but the channels keep no history");
        assertThat(analysis.getAction()).contains("`realtime.channel.namespaces.chat.history-size`");
    }

    @Test
    void replicasOfTheMemoryEngine() {
        FailureAnalysis analysis = refusalOf(
                "realtime.channel.namespaces.orders.history-size=10",
                "realtime.channel.namespaces.orders.history-ttl=5m",
                "realtime.channel.namespaces.orders.publish-ack=replicated");

        assertThat(analysis.getDescription())
                .startsWith("`realtime.channel.namespaces.orders.publish-ack` is `replicated` but `realtime.engine` is"
                        + " `memory`, which has no replicas.");
        assertThat(analysis.getAction())
                .isEqualTo("Set `realtime.engine=redis`, or remove `realtime.channel.namespaces.orders.publish-ack`.");
    }

    @Test
    void personalChannelsInANamespaceThatDoesNotExist() {
        FailureAnalysis analysis = refusalOf(
                "realtime.client.subscribe-to-user-personal-channel.enabled=true",
                "realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace=users",
                "realtime.channel.namespaces.user.presence=true");

        assertThat(analysis.getDescription())
                .startsWith(
                        "`realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace` is `users`,"
                                + " but there is no namespace of that name, so no user could connect.");
        assertThat(analysis.getAction())
                .isEqualTo("Add `realtime.channel.namespaces.users` with at least one option, for instance"
                        + " `realtime.channel.namespaces.users.presence=true`, or correct the name.");
    }

    @Test
    void personalChannelsInANamespaceThatExistsAreNotRefused() {
        runner.withPropertyValues(
                        "realtime.client.subscribe-to-user-personal-channel.enabled=true",
                        "realtime.client.subscribe-to-user-personal-channel.personal-channel-namespace=users",
                        "realtime.channel.namespaces.users.presence=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private FailureAnalysis refusalOf(String... properties) {
        FailureAnalysis[] analysis = new FailureAnalysis[1];
        runner.withPropertyValues(properties).run(context -> analysis[0] = Refusals.analyze(context));
        return analysis[0];
    }
}
