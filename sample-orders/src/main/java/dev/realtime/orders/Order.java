package dev.realtime.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** Order of a customer, as a row of a table. */
@Entity
@Table(name = "orders")
class Order {

    /** State of an order. */
    enum Status {
        PLACED,
        READY
    }

    /** Order as pages receive it. A page ignores versions that are not newer than the one it shows. */
    record View(long id, long version, String customer, String item, int quantity, Status status) {}

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private long version;

    private String customer = "";

    private String item = "";

    private int quantity;

    @Enumerated(EnumType.STRING)
    private Status status = Status.PLACED;

    protected Order() {}

    Order(String customer, String item, int quantity) {
        this.customer = customer;
        this.item = item;
        this.quantity = quantity;
    }

    void finish() {
        status = Status.READY;
    }

    /** Returns the order as it is now; it must have been stored. */
    View view() {
        if (id == null) {
            throw new IllegalStateException("The order has no id before it is stored.");
        }
        return new View(id, version, customer, item, quantity, status);
    }
}
