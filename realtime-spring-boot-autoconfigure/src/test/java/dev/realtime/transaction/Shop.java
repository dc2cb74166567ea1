package dev.realtime.transaction;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.template.RealtimeTemplate;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** An application that stores orders and announces them, with both kinds of transactions on one database. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableTransactionManagement
class Shop {

    @Bean
    DataSource dataSource(Environment environment) {
        return new DriverManagerDataSource(environment.getRequiredProperty("test.jdbc-url"));
    }

    @Bean
    PlatformTransactionManager blocking(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean
    ConnectionFactory connectionFactory(Environment environment) {
        return ConnectionFactories.get(environment.getRequiredProperty("test.r2dbc-url"));
    }

    @Bean
    ReactiveTransactionManager reactive(ConnectionFactory connectionFactory) {
        return new R2dbcTransactionManager(connectionFactory);
    }

    @Bean
    JdbcTemplate jdbcTemplate(DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    DatabaseClient databaseClient(ConnectionFactory connectionFactory) {
        return DatabaseClient.create(connectionFactory);
    }

    @Bean
    BlockingOrders blockingOrders(JdbcTemplate jdbc, RealtimeTemplate realtime) {
        return new BlockingOrders(jdbc, realtime);
    }

    @Bean
    ReactiveOrders reactiveOrders(DatabaseClient database, RealtimePublisher publisher) {
        return new ReactiveOrders(database, publisher);
    }

    @Bean
    Outbox outbox(JdbcTemplate jdbc, RealtimePublisher publisher, JsonMapper json) {
        return new Outbox(jdbc, publisher, json, Duration.ZERO);
    }

    /** With imperative transactions. */
    static class BlockingOrders {

        private final JdbcTemplate jdbc;

        private final RealtimeTemplate realtime;

        BlockingOrders(JdbcTemplate jdbc, RealtimeTemplate realtime) {
            this.jdbc = jdbc;
            this.realtime = realtime;
        }

        // tag::blocking[]
        @Transactional("blocking")
        public void order(String item) {
            jdbc.update("INSERT INTO orders (id, item) VALUES (?, ?)", UUID.randomUUID(), item);
            realtime.publishAfterCommit("orders:all", Map.of("item", item));
        }
        // end::blocking[]

        @Transactional("blocking")
        public void orderAndFail(String item) {
            order(item);
            throw new IllegalStateException("out of stock");
        }

        @Transactional("blocking")
        public void orderIntoNowhere(String item) {
            jdbc.update("INSERT INTO orders (id, item) VALUES (?, ?)", UUID.randomUUID(), item);
            realtime.publishAfterCommit("nowhere:all", item);
        }
    }

    /** With reactive transactions. */
    static class ReactiveOrders {

        private final DatabaseClient database;

        private final RealtimePublisher publisher;

        ReactiveOrders(DatabaseClient database, RealtimePublisher publisher) {
            this.database = database;
            this.publisher = publisher;
        }

        // tag::reactive[]
        @Transactional("reactive")
        public Mono<Void> order(String item) {
            return database.sql("INSERT INTO orders (id, item) VALUES (:id, :item)")
                    .bind("id", UUID.randomUUID())
                    .bind("item", item)
                    .then()
                    .then(publisher.publishAfterCommit("orders:all", Map.of("item", item)));
        }
        // end::reactive[]

        @Transactional("reactive")
        public Mono<Void> orderAndFail(String item) {
            return order(item).then(Mono.error(new IllegalStateException("out of stock")));
        }
    }
}
