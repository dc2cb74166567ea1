package dev.realtime.host;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A usual application: Spring MVC, the log-in form and the sessions of Spring Security, JPA, validation, Actuator. It
 * knows nothing of the server, so that it runs with and without the starter.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({HostApplication.Orders.class, HostApplication.OrderController.class})
class HostApplication {

    /** An order was placed in the transaction in progress. */
    record OrderPlaced(String customer, String item) {}

    static class Orders {

        private final OrderRepository orders;

        private final ApplicationEventPublisher events;

        Orders(OrderRepository orders, ApplicationEventPublisher events) {
            this.orders = orders;
            this.events = events;
        }

        @Transactional
        public void place(String customer, String item) {
            Order order = new Order();
            order.customer = customer;
            order.item = item;
            orders.save(order);
            events.publishEvent(new OrderPlaced(customer, item));
            if (item.equals("sold out")) {
                throw new IllegalStateException(item);
            }
        }
    }

    @RestController
    static class OrderController {

        private final Orders orders;

        private final OrderRepository repository;

        OrderController(Orders orders, OrderRepository repository) {
            this.orders = orders;
            this.repository = repository;
        }

        @GetMapping("/orders")
        long count() {
            return repository.count();
        }

        @PostMapping("/orders")
        @ResponseStatus(HttpStatus.CREATED)
        void place(@RequestParam @Valid @NotBlank String item, Principal customer) {
            orders.place(customer.getName(), item);
        }
    }

    @Bean
    InMemoryUserDetailsManager users() {
        return new InMemoryUserDetailsManager(user("ann"), user("bob"));
    }

    private static UserDetails user(String name) {
        return User.withUsername(name).password("{noop}secret").roles("USER").build();
    }
}
