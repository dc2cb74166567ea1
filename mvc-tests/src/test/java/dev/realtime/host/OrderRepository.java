package dev.realtime.host;

import org.springframework.data.jpa.repository.JpaRepository;

/** Orders in the database. */
interface OrderRepository extends JpaRepository<Order, Long> {}
