package dev.realtime.test;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.template.RealtimeTemplate;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishes in every way that an application has. */
@Service
class OrderService {

    record Order(int number) {}

    private final RealtimePublisher publisher;

    private final RealtimeTemplate template;

    private final TransactionTemplate transaction;

    OrderService(RealtimePublisher publisher, RealtimeTemplate template, PlatformTransactionManager transactions) {
        this.publisher = publisher;
        this.template = template;
        this.transaction = new TransactionTemplate(transactions);
    }

    void place(Order order) {
        transaction.executeWithoutResult(status -> {
            publisher.publishAfterCommit("news:orders", order).block();
            if (order.number() < 0) {
                throw new IllegalArgumentException("no such order");
            }
        });
    }

    void announce(Order order) {
        template.publish("news:orders", order);
    }

    void announceEverywhere(Order order) {
        publisher.broadcast(List.of("news:orders", "nowhere:orders"), order).blockLast();
    }

    void tell(String user, Order order) {
        publisher.publishToUser(user, order).block();
    }

    @Configuration(proxyBeanMethods = false)
    static class Database {

        @Bean
        DataSource dataSource() {
            return new DriverManagerDataSource("jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1");
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }
    }
}
