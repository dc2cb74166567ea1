package dev.realtime.orders;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** A board of orders. Customers see their own orders and staff sees all, both as they change. */
@SpringBootApplication
public class OrdersApplication {

    private static final Logger log = LoggerFactory.getLogger(OrdersApplication.class);

    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    @EventListener
    void tellAddress(ApplicationReadyEvent event) {
        String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
        log.info("Orders: http://localhost:{} (log in as ann, bob or sam, with the name as password)", port);
    }
}
