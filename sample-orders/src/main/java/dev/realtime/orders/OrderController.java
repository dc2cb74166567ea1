package dev.realtime.orders;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. Nothing here is about the server: the service publishes. */
@RestController
class OrderController {

    private final OrderBoard board;

    OrderController(OrderBoard board) {
        this.board = board;
    }

    /** Returns the user of the session. */
    @GetMapping("/me")
    Me me(HttpServletRequest request, Principal user) {
        return new Me(user.getName(), request.isUserInRole("STAFF"));
    }

    /** Returns the newest orders that the user may see. */
    @GetMapping("/orders")
    List<Order.View> orders(HttpServletRequest request, Principal user) {
        return request.isUserInRole("STAFF") ? board.all() : board.of(user.getName());
    }

    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.CREATED)
    Order.View place(@Valid OrderForm form, Principal customer) {
        return board.place(customer.getName(), form.item().strip(), form.quantity());
    }

    @PostMapping("/orders/{id}/ready")
    Order.View finish(@PathVariable long id) {
        return board.finish(id);
    }

    /** User of the session. */
    record Me(String user, boolean staff) {}

    /** Form of the page. */
    record OrderForm(
            @NotBlank @Size(max = 60) String item,
            @Min(1) @Max(20) int quantity) {}
}
