package dev.realtime.host;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/** Order of a customer. */
@Entity(name = "orders")
class Order {

    @Id
    @GeneratedValue
    Long id;

    String customer;

    String item;
}
