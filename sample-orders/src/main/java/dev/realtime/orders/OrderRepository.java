package dev.realtime.orders;

import dev.realtime.orders.Order.Status;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** Orders in the database. */
interface OrderRepository extends JpaRepository<Order, Long> {

    List<Order> findTop100ByOrderByIdDesc();

    List<Order> findTop100ByCustomerOrderByIdDesc(String customer);

    int countByCustomerAndStatus(String customer, Status status);
}
