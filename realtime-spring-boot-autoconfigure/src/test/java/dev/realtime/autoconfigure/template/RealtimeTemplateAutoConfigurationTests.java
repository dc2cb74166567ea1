package dev.realtime.autoconfigure.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.disabled.RealtimeDisabledAutoConfiguration;
import dev.realtime.template.RealtimeTemplate;
import dev.realtime.template.TypedHistory;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ParameterizedTypeReference;

/** The blocking facade over a server in memory. */
class RealtimeTemplateAutoConfigurationTests {

    /** Data of the application. */
    record Order(int id, String state) {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(
                    JacksonAutoConfiguration.class,
                    RealtimeDisabledAutoConfiguration.class,
                    RealtimeTemplateAutoConfiguration.class))
            .withPropertyValues(
                    "realtime.client.subscribe-to-user-personal-channel.enabled=true",
                    "realtime.channel.namespaces.orders.presence=true",
                    "realtime.channel.namespaces.orders.history-size=10",
                    "realtime.channel.namespaces.orders.history-ttl=1m");

    private void with(Consumer<RealtimeTemplate> test) {
        runner.run(context -> test.accept(context.getBean(RealtimeTemplate.class)));
    }

    @Test
    void publishesAndReadsBackObjects() {
        with(realtime -> {
            assertThat(realtime.publish("orders:1", new Order(1, "new"))
                            .position()
                            .offset())
                    .isEqualTo(1);
            // tag::template[]
            realtime.publish("orders:1", new Order(1, "paid"));
            TypedHistory<Order> history = realtime.history("orders:1", HistoryQuery.latest(10), Order.class);
            // end::template[]

            assertThat(history.data()).containsExactly(new Order(1, "paid"), new Order(1, "new"));
            assertThat(history.position()).isEqualTo(realtime.position("orders:1"));
            assertThat(history.publications().get(0).publication().offset()).isEqualTo(2);
        });
    }

    @Test
    void readsGenericTypes() {
        with(realtime -> {
            realtime.publish("orders:all", List.of(new Order(1, "new"), new Order(2, "new")));

            assertThat(realtime.history(
                                    "orders:all",
                                    HistoryQuery.latest(1),
                                    new ParameterizedTypeReference<List<Order>>() {})
                            .data())
                    .containsExactly(List.of(new Order(1, "new"), new Order(2, "new")));
        });
    }

    @Test
    void removesHistory() {
        with(realtime -> {
            realtime.publish("orders:1", new Order(1, "new"));

            realtime.removeHistory("orders:1");

            assertThat(realtime.history("orders:1", HistoryQuery.latest(10)).publications())
                    .isEmpty();
        });
    }

    @Test
    void broadcastHasAnOutcomeForEachChannel() {
        with(realtime -> assertThat(realtime.broadcast(List.of("orders:1", "nowhere:1"), "data"))
                .satisfiesExactly(
                        first -> assertThat(first.error()).isNull(),
                        second -> assertThat(second.error()).isInstanceOf(RealtimeException.class)));
    }

    @Test
    void refusalIsThrown() {
        with(realtime -> assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> realtime.publish("nowhere:1", "data"))
                .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(ClientError.UNKNOWN_CHANNEL)));
    }

    @Test
    void actsOnUsersWithoutConnections() {
        with(realtime -> {
            realtime.publishToUser("ann", "data");
            realtime.subscribe("ann", "orders:1");
            realtime.unsubscribe("ann", "orders:1");
            realtime.invalidate("orders:1");
            realtime.refresh("ann", ConnectionFilter.ALL, Instant.now().plusSeconds(60), null);
            realtime.expire("ann", ConnectionFilter.ALL);
            realtime.disconnect("ann");

            assertThat(realtime.connections("ann")).isEmpty();
            assertThat(realtime.isPresent("orders:1", "ann")).isFalse();
            assertThat(realtime.users("orders:1")).isEmpty();
            assertThat(realtime.presenceStats("orders:1").clients()).isZero();
            assertThat(realtime.channels("")).isEmpty();
            assertThat(realtime.nodes()).singleElement().isInstanceOf(NodeDescription.class);
        });
    }

    @Test
    void timeLimitMustBePositive() {
        runner.withPropertyValues("realtime.template.timeout=0s")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("realtime.template.timeout"));
    }

    @Test
    void disabledServerHasATemplateThatDoesNothing() {
        runner.withPropertyValues("realtime.enabled=false").run(context -> {
            RealtimeTemplate realtime = context.getBean(RealtimeTemplate.class);
            realtime.publish("orders:1", new Order(1, "new"));
            assertThat(realtime.history("orders:1", HistoryQuery.latest(1), Order.class)
                            .data())
                    .isEmpty();
        });
    }

    @Test
    void templateOfTheApplicationReplacesOurs() {
        runner.withBean("own", RealtimeTemplate.class, () -> mock(RealtimeTemplate.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(RealtimeTemplate.class)
                        .hasBean("own"));
    }
}
