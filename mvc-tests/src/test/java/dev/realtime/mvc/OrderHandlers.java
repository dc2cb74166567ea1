package dev.realtime.mvc;

import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.SubscribeReply;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.security.Principal;
import org.springframework.security.access.prepost.PreAuthorize;

@RealtimeHandler
class OrderHandlers {

    record Order(@Positive int number) {}

    @OnSubscribe("orders:{customer}")
    @PreAuthorize("#customer == authentication.name")
    SubscribeReply watch(@ChannelVariable String customer) {
        return SubscribeReply.allow();
    }

    @OnRpc
    @PreAuthorize("hasRole('STAFF')")
    Order cancel(@Valid Order order) {
        return order;
    }

    @OnRpc
    String whoAmI(Principal principal) {
        return principal.getName();
    }
}
