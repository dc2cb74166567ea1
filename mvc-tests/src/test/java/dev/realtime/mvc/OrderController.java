package dev.realtime.mvc;

import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.template.RealtimeTemplate;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Publishes directly, and after the commit of its transaction. */
@RestController
class OrderController {

    private final RealtimeTemplate realtime;

    OrderController(RealtimeTemplate realtime) {
        this.realtime = realtime;
    }

    @PostMapping("/orders")
    @Transactional
    @ResponseStatus(HttpStatus.CREATED)
    public void place(@RequestBody Order order, Principal customer) {
        realtime.publishAfterCommit("orders:" + customer.getName(), order);
        if (order.number() < 1) {
            throw new ResponseStatusException(HttpStatus.CONFLICT);
        }
    }

    @PostMapping("/reminders")
    @ResponseStatus(HttpStatus.CREATED)
    public void remind(@RequestBody Order order, Principal customer) {
        realtime.publish("orders:" + customer.getName(), order);
    }
}
