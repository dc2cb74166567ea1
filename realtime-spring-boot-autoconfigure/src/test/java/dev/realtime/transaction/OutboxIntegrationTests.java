package dev.realtime.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the outbox of the guide promises: each order is announced, once, whatever was lost between the commit and the
 * publish.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private PostgresServer postgres;

    private ConfigurableApplicationContext shop;

    private RawWebSocketClient client;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        postgres = PostgresServer.start();
        shop = new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "test.jdbc-url=" + postgres.jdbcUrl(),
                        "test.r2dbc-url=" + postgres.r2dbcUrl(),
                        "realtime.client.allow-anonymous-connect-without-token=true",
                        "realtime.channel.namespaces.orders.allow-subscribe-for-client=true",
                        "realtime.channel.namespaces.orders.allow-subscribe-for-anonymous=true")
                .run();
        jdbc().execute("CREATE TABLE orders (id uuid PRIMARY KEY, item text NOT NULL)");
        jdbc().execute(Outbox.TABLE);
    }

    @AfterAll
    void stop() {
        shop.close();
        postgres.close();
    }

    @BeforeEach
    void subscribe() throws IOException {
        client = RawWebSocketClient.connect(
                shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class), "/connection/websocket");
        client.sendText("{\"id\":1,\"connect\":{}}");
        client.read();
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"orders:all\"}}");
        client.read();
    }

    @AfterEach
    void close() throws IOException {
        jdbc().update("DELETE FROM outbox");
        client.close();
    }

    private JdbcTemplate jdbc() {
        return shop.getBean(JdbcTemplate.class);
    }

    private Outbox outbox() {
        return shop.getBean(Outbox.class);
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(shop.getBean(PlatformTransactionManager.class));
    }

    /** As if the process had died between the commit and the publish. */
    private void storeWithoutPublishing(String channel, String item) {
        jdbc().update(
                        "INSERT INTO outbox (id, channel, data) VALUES (?, ?, ?)",
                        UUID.randomUUID(),
                        channel,
                        "{\"item\":\"" + item + "\"}");
    }

    private List<String> stored() {
        return jdbc().queryForList("SELECT data FROM outbox ORDER BY number", String.class);
    }

    private void assertHears(String item) throws IOException {
        assertThat(client.read().text()).contains("\"channel\":\"orders:all\"", "\"item\":\"" + item + "\"");
    }

    private void assertHearsNothingMore() throws IOException {
        shop.getBean(RealtimePublisher.class)
                .publish("orders:all", Map.of("item", "marker"))
                .block(PATIENCE);
        assertHears("marker");
    }

    @Test
    void orderIsToldOfAtOnceAndOnlyOnce() throws IOException {
        outbox().order("ink");
        assertHears("ink");
        assertThat(stored()).hasSize(1);

        outbox().relay();

        assertThat(stored()).isEmpty();
        assertHearsNothingMore();
    }

    @Test
    void orderThatWasNotToldOfIsToldFromTheTableInOrder() throws IOException {
        storeWithoutPublishing("orders:all", "first");
        storeWithoutPublishing("orders:all", "second");

        outbox().relay();

        assertHears("first");
        assertHears("second");
        assertThat(stored()).isEmpty();
    }

    @Test
    void orderThatIsRolledBackLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {
                    outbox().order("paper");
                    throw new IllegalStateException("out of stock");
                }))
                .hasMessage("out of stock");

        assertThat(stored()).isEmpty();
        assertHearsNothingMore();
    }

    @Test
    void rowsThatAnotherNodeIsAtAreLeftToIt() throws IOException {
        storeWithoutPublishing("orders:all", "theirs");
        List<String> left = transaction().execute(status -> {
            jdbc().queryForList("SELECT id FROM outbox FOR UPDATE");
            storeElsewhere("ours");
            relayElsewhere();
            return stored();
        });

        assertThat(left).containsExactly("{\"item\":\"theirs\"}");
        assertHears("ours");
        assertHearsNothingMore();
    }

    private void storeElsewhere(String item) {
        elsewhere(() -> storeWithoutPublishing("orders:all", item));
    }

    private void relayElsewhere() {
        elsewhere(() -> outbox().relay());
    }

    /** Outside the transaction of this thread. */
    private static void elsewhere(Runnable work) {
        CompletableFuture.runAsync(work)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Test
    void rowThatIsRefusedStaysAndDelaysNoOther() throws IOException {
        storeWithoutPublishing("nowhere:all", "refused");
        storeWithoutPublishing("orders:all", "behind");

        outbox().relay();

        assertHears("behind");
        assertThat(stored()).containsExactly("{\"item\":\"refused\"}");
    }
}
