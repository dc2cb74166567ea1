package dev.realtime.orders;

import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.SubscribeReply;
import org.springframework.security.access.prepost.PreAuthorize;

/** Permission to see all orders. The channel of a user's own orders needs none: the server subscribes its clients. */
@RealtimeHandler
class OrderHandlers {

    // tag::all[]
    @OnSubscribe("orders:all")
    @PreAuthorize("hasRole('STAFF')")
    SubscribeReply watchAll() {
        return SubscribeReply.allow();
    }
    // end::all[]
}
