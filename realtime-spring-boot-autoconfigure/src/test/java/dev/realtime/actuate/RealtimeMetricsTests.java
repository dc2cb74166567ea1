package dev.realtime.actuate;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the meters say of a node that is driven by scripted clients. */
class RealtimeMetricsTests {

    private final ScriptedServer server = ScriptedServer.setup()
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .namespace(
                    "chat",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forceRecovery(true))
            .start();

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        new RealtimeMetrics(server.node()).bindTo(registry);
    }

    @Test
    void connectionsUsersAndChannelsAreThoseOpenNow() {
        ScriptedClient first = server.client().connected().subscribed("news").subscribed("chat:room");
        server.client().connected().subscribed("chat:room");

        assertThat(gauge("realtime.connections")).isEqualTo(2);
        assertThat(gauge("realtime.users")).isEqualTo(1);
        assertThat(gauge("realtime.channels")).isEqualTo(2);
        assertThat(gauge("realtime.subscriptions", "namespace", "chat")).isEqualTo(2);
        assertThat(gauge("realtime.subscriptions", "namespace", "(none)")).isEqualTo(1);

        first.drop();

        assertThat(gauge("realtime.connections")).isEqualTo(1);
        assertThat(gauge("realtime.channels")).isEqualTo(1);
        assertThat(gauge("realtime.subscriptions", "namespace", "chat")).isEqualTo(1);
        assertThat(gauge("realtime.subscriptions", "namespace", "(none)")).isZero();
    }

    @Test
    void messagesAndTheirSizeAreCountedBothWays() {
        ScriptedClient client = server.client();
        String connect = "{\"id\":1,\"connect\":{}}";

        client.send(connect);

        assertThat(counter("realtime.messages.received")).isEqualTo(1);
        assertThat(counter("realtime.messages.received.size")).isEqualTo(connect.length());
        assertThat(counter("realtime.messages.sent")).isEqualTo(1);
        assertThat(counter("realtime.messages.sent.size"))
                .isGreaterThan(client.take().get(0).length());
        assertThat(registry.get("realtime.messages.sent.size").meter().getId().getBaseUnit())
                .isEqualTo("bytes");
    }

    @Test
    void errorRepliesAreCounted() {
        server.client().connected().subscribed("unknown:room");

        assertThat(counter("realtime.replies.error")).isEqualTo(1);
    }

    @Test
    void disconnectsAreCountedByCodeAsCodesAppear() {
        server.client().send("{\"id\":1,\"ping\":{}}");
        server.client().connected().drop();
        server.client().connected().drop();

        assertThat(counter("realtime.disconnects", "code", "3501")).isEqualTo(1);
        assertThat(counter("realtime.disconnects", "code", "3000")).isEqualTo(2);
    }

    @Test
    void publicationsAreCountedForEverySubscriberTheyReach() {
        server.client().connected().subscribed("chat:room");
        server.client().connected().subscribed("chat:room");

        server.node().publisher().publish("chat:room", "hello").block();
        server.run();

        assertThat(counter("realtime.publications.delivered", "namespace", "chat"))
                .isEqualTo(2);
    }

    @Test
    void deliveryLagIsTheLongestOfATurn() {
        server.client().connected().subscribed("chat:room");
        server.client().connected().subscribed("chat:room");

        server.node().publisher().publish("chat:room", "first").block();
        server.executor().ticker().advance(30, TimeUnit.MILLISECONDS);
        server.node().publisher().publish("chat:room", "second").block();
        server.run();

        Timer lag = registry.get("realtime.delivery.lag").timer();
        assertThat(lag.count()).isEqualTo(1);
        assertThat(lag.max(TimeUnit.MILLISECONDS)).isEqualTo(30);
        assertThat(Arrays.stream(lag.takeSnapshot().histogramCounts())
                        .filter(bucket -> bucket.count() > 0)
                        .mapToDouble(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
                        .min())
                .hasValue(50);
    }

    @Test
    void turnWithoutPublicationsHasNoDeliveryLag() {
        server.client().connected().subscribed("chat:room");

        assertThat(registry.get("realtime.delivery.lag").timer().count()).isZero();
    }

    @Test
    void recoveriesAreCountedByTheirOutcome() {
        server.node().publisher().publish("chat:room", "missed").block();
        String epoch = server.node().channels().position("chat:room").block().epoch();

        recover(epoch);
        recover("another");

        assertThat(counter("realtime.recoveries", "namespace", "chat", "outcome", "recovered"))
                .isEqualTo(1);
        assertThat(counter("realtime.recoveries", "namespace", "chat", "outcome", "not-recovered"))
                .isEqualTo(1);
    }

    @Test
    void recoveriesThatFailAreCountedByTheReason() {
        server.node().publisher().publish("chat:room", "missed").block();

        recover("another");

        assertThat(counter("realtime.recoveries.failed", "namespace", "chat", "reason", "epoch"))
                .isEqualTo(1);
        assertThat(counter("realtime.recoveries.failed", "namespace", "chat", "reason", "size"))
                .isZero();
    }

    @Test
    void tagsAreNamespacesCodesOutcomesReasonsAndBucketsOnly() {
        server.client().connected().subscribed("chat:room").drop();

        Set<String> keys = registry.getMeters().stream()
                .map(Meter::getId)
                .flatMap(id -> id.getTags().stream())
                .map(Tag::getKey)
                .collect(Collectors.toSet());

        assertThat(keys).containsExactlyInAnyOrder("namespace", "code", "outcome", "le", "reason");
    }

    @Test
    void everyMeterIsDocumented() throws IOException {
        server.client().connected().subscribed("chat:room").drop();

        String page = Files.readString(Path.of("..", "docs", "monitoring.md"));

        assertThat(registry.getMeters())
                .allSatisfy(
                        meter -> assertThat(page).contains("`" + meter.getId().getName() + "`"));
    }

    private void recover(String epoch) {
        server.client()
                .connected()
                .send("{\"id\":2,\"subscribe\":{\"channel\":\"chat:room\",\"recover\":true,\"epoch\":\"" + epoch
                        + "\"}}");
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }
}
