package dev.realtime.orders;

import dev.realtime.orders.Order.Status;
import dev.realtime.template.RealtimeTemplate;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** Orders in a table. Pages are notified of a change after its commit, and of nothing that is rolled back. */
@Service
class OrderBoard {

    static final int MAX_OPEN = 5;

    private final OrderRepository orders;

    private final RealtimeTemplate realtime;

    OrderBoard(OrderRepository orders, RealtimeTemplate realtime) {
        this.orders = orders;
        this.realtime = realtime;
    }

    // tag::place[]
    @Transactional
    public Order.View place(String customer, String item, int quantity) {
        Order.View placed = publish(new Order(customer, item, quantity));
        if (orders.countByCustomerAndStatus(customer, Status.PLACED) > MAX_OPEN) {
            // Rolls back: the order is not stored, and no page shows it.
            throw new ResponseStatusException(HttpStatus.CONFLICT, "You have " + MAX_OPEN + " open orders already.");
        }
        return placed;
    }

    @Transactional
    @PreAuthorize("hasRole('STAFF')")
    public Order.View finish(long id) {
        Order order = orders.findById(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        order.finish();
        return publish(order);
    }

    /** Stores the order, and publishes it to its customer and to the staff after the commit. */
    private Order.View publish(Order order) {
        Order.View view = orders.saveAndFlush(order).view();
        realtime.publishAfterCommit("orders:#" + view.customer(), view);
        realtime.publishAfterCommit("orders:all", view);
        return view;
    }
    // end::place[]

    @Transactional(readOnly = true)
    @PreAuthorize("hasRole('STAFF')")
    public List<Order.View> all() {
        return views(orders.findTop100ByOrderByIdDesc());
    }

    @Transactional(readOnly = true)
    public List<Order.View> of(String customer) {
        return views(orders.findTop100ByCustomerOrderByIdDesc(customer));
    }

    private static List<Order.View> views(List<Order> orders) {
        return orders.stream().map(Order::view).toList();
    }
}
