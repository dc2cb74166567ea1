package dev.realtime.sample;

import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.RealtimeHandler;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Authentication that lets in clients that are logged in, by the name of the account, and all others that give a name.
 * Others see the name beside each message and in the list of people in the room.
 *
 * <p>The user id of a guest is whatever the browser made up, which is fine for a sample and for nothing else: a real
 * application goes by the {@code principal} alone, or by a token.
 */
@RealtimeHandler
class Visitors {

    // tag::connect[]
    @OnConnect
    ConnectReply connect(@Nullable Principal account, @Nullable Visitor guest) {
        Visitor visitor = account == null ? guest : new Visitor(account.getName(), account.getName());
        if (visitor == null || account == null && !visitor.isUsableByAGuest()) {
            throw new HandlerException(1000, "a name of 1 to 30 characters is needed");
        }
        return ConnectReply.user(visitor.user())
                .withInfo(Map.of("name", visitor.name()))
                .withData(visitor);
    }
    // end::connect[]

    /** Data that the page sends when it connects; anything may be missing. */
    record Visitor(String user, String name) {

        Visitor {
            user = user == null ? "" : user;
            name = name == null ? "" : name.strip().replaceAll("\\s+", " ");
        }

        /** Checks that the user id is longer than the names of accounts, so that no guest can use one. */
        private boolean isUsableByAGuest() {
            return user.matches("[a-z0-9-]{8,36}") && !name.isEmpty() && name.length() <= 30;
        }
    }
}
