package dev.realtime.test;

import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.SubscribeReply;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;

@RealtimeHandler
class ChatHandlers {

    record Message(@NotBlank @Size(max = 20) String text) {}

    @OnPublish("chat:{room}")
    PublishReply said(@Valid Message message) {
        return PublishReply.of(new Message(message.text().strip()));
    }

    @OnSubscribe("staff:{room}")
    @PreAuthorize("hasRole('STAFF')")
    SubscribeReply enter() {
        return SubscribeReply.allow();
    }

    @OnRpc
    List<Integer> numbers() {
        return List.of(1, 2, 3);
    }

    @OnRpc
    String whoAmI(@Nullable Principal principal) {
        return principal == null ? "nobody" : principal.getName();
    }

    @OnRpc
    @PreAuthorize("hasRole('STAFF')")
    String secret() {
        return "for staff";
    }
}
