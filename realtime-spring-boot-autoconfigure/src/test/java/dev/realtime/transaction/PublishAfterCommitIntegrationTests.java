package dev.realtime.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;

/** What is published after the commit of a real transaction reaches a client; what was rolled back does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishAfterCommitIntegrationTests {

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
        shop.getBean(JdbcTemplate.class).execute("CREATE TABLE orders (id uuid PRIMARY KEY, item text NOT NULL)");
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
        client.close();
    }

    private Shop.BlockingOrders blocking() {
        return shop.getBean(Shop.BlockingOrders.class);
    }

    private Shop.ReactiveOrders reactive() {
        return shop.getBean(Shop.ReactiveOrders.class);
    }

    private RealtimePublisher publisher() {
        return shop.getBean(RealtimePublisher.class);
    }

    private int stored(String item) {
        Integer count = shop.getBean(JdbcTemplate.class)
                .queryForObject("SELECT count(*) FROM orders WHERE item = ?", Integer.class, item);
        return count == null ? 0 : count;
    }

    /** The next thing the client hears is about this; whatever was published before it would come first. */
    private void assertHears(String item) throws IOException {
        assertThat(client.read().text()).contains("\"channel\":\"orders:all\"", "\"item\":\"" + item + "\"");
    }

    private void assertHeardNothing() throws IOException {
        publisher().publish("orders:all", Map.of("item", "marker")).block(PATIENCE);
        assertHears("marker");
    }

    // ---- Imperative

    @Test
    void committedBlockingTransactionIsToldOf() throws IOException {
        blocking().order("ink");

        assertThat(stored("ink")).isEqualTo(1);
        assertHears("ink");
    }

    @Test
    void rolledBackBlockingTransactionIsNot() throws IOException {
        assertThatThrownBy(() -> blocking().orderAndFail("paper")).hasMessage("out of stock");

        assertThat(stored("paper")).isZero();
        assertHeardNothing();
    }

    @Test
    void nothingIsToldWhileTheTransactionRuns() throws IOException {
        new TransactionTemplate(shop.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            publisher().publishAfterCommit("orders:all", Map.of("item", "late")).block(PATIENCE);
            publisher().publish("orders:all", Map.of("item", "at once")).block(PATIENCE);
        });

        assertHears("at once");
        assertHears("late");
    }

    @Test
    void publicationRefusedByItsChannelRollsTheTransactionBack() throws IOException {
        assertThatThrownBy(() -> blocking().orderIntoNowhere("glue")).isInstanceOf(RealtimeException.class);

        assertThat(stored("glue")).isZero();
        assertHeardNothing();
    }

    @Test
    void registrationInTheAfterCommitCallbackOfAnotherIsNotLost() throws IOException {
        inTransaction(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                publishAfterCommit("stamps");
            }
        });

        assertHears("stamps");
    }

    @Test
    void registrationAfterTheEndOfTheTransactionIsRefused() throws IOException {
        List<Throwable> refused = new ArrayList<>();

        inTransaction(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                try {
                    publishAfterCommit("too late");
                } catch (IllegalStateException e) {
                    refused.add(e);
                }
            }
        });

        assertThat(refused).hasSize(1).first().asString().contains("has ended", "publish now with publish()");
        assertHeardNothing();
    }

    private void inTransaction(TransactionSynchronization callback) {
        new TransactionTemplate(shop.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> TransactionSynchronizationManager.registerSynchronization(callback));
    }

    private void publishAfterCommit(String item) {
        publisher().publishAfterCommit("orders:all", Map.of("item", item)).block(PATIENCE);
    }

    @Test
    void ordersOfOneTransactionArriveInTheirOrder() throws IOException {
        new TransactionTemplate(shop.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            blocking().order("first");
            blocking().order("second");
        });

        assertHears("first");
        assertHears("second");
    }

    // ---- Reactive

    @Test
    void committedReactiveTransactionIsToldOf() throws IOException {
        reactive().order("pencil").block(PATIENCE);

        assertThat(stored("pencil")).isEqualTo(1);
        assertHears("pencil");
    }

    @Test
    void rolledBackReactiveTransactionIsNot() throws IOException {
        assertThatThrownBy(() -> reactive().orderAndFail("eraser").block(PATIENCE))
                .hasMessage("out of stock");

        assertThat(stored("eraser")).isZero();
        assertHeardNothing();
    }

    @Test
    void reactivePipelineGoesOnInsideTheTransactionAfterRegistering() throws IOException {
        TransactionalOperator transactional =
                TransactionalOperator.create(shop.getBean(ReactiveTransactionManager.class));
        Mono<Void> pipeline = publisher()
                .publishAfterCommit("orders:all", Map.of("item", "late"))
                .then(publisher().publish("orders:all", Map.of("item", "at once")))
                .then()
                .as(transactional::transactional);

        pipeline.block(PATIENCE);

        assertHears("at once");
        assertHears("late");
    }

    // ---- Without

    @Test
    void withoutATransactionItFailsAndSaysWhatToDo() {
        assertThatThrownBy(
                        () -> publisher().publishAfterCommit("orders:all", "x").block(PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("There is no transaction here")
                .hasMessageContaining("@Transactional");
    }
}
