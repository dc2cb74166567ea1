package dev.realtime.auth;

import dev.realtime.protocol.Payload;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A connected client, as the application's decisions see it.
 *
 * @param clientId the connection
 * @param userId empty for anonymous
 * @param principal that of its {@link Authentication}, else of the HTTP request the connection began with; {@code null} if
 *     there is none
 * @param meta that of its {@link Authentication}; {@code null} for nothing
 */
public record ClientIdentity(
        String clientId,
        String userId,
        @Nullable Principal principal,
        @Nullable Payload meta) {

    /** A client without meta. */
    public ClientIdentity(String clientId, String userId, @Nullable Principal principal) {
        this(clientId, userId, principal, null);
    }
}
