package dev.realtime.api.client;

import dev.realtime.api.data.Payload;
import dev.realtime.spi.auth.Authentication;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connected client, as the application's decisions see it.
 *
 * @param clientId the connection
 * @param userId empty for anonymous
 * @param principal that of its {@link Authentication}, else of the HTTP request the connection began with; {@code null}
 *     if there is none
 * @param meta that of its {@link Authentication}; {@code null} for nothing
 * @param headers of the HTTP request the connection began with, lower-case names; empty for a call of the HTTP API
 */
public record ClientIdentity(
        String clientId,
        String userId,
        @Nullable Principal principal,
        @Nullable Payload meta,
        Map<String, List<String>> headers) {

    /**
     * Creates a client without headers.
     *
     * @param clientId id of the connection
     * @param userId id of the user; empty for anonymous clients
     * @param principal principal of the client; {@code null} if there is none
     * @param meta data for handlers; {@code null} if there is none
     */
    public ClientIdentity(String clientId, String userId, @Nullable Principal principal, @Nullable Payload meta) {
        this(clientId, userId, principal, meta, Map.of());
    }

    /**
     * Creates a client without meta and headers.
     *
     * @param clientId id of the connection
     * @param userId id of the user; empty for anonymous clients
     * @param principal principal of the client; {@code null} if there is none
     */
    public ClientIdentity(String clientId, String userId, @Nullable Principal principal) {
        this(clientId, userId, principal, null);
    }

    /** Leaves out meta and headers, which may hold cookies and tokens. */
    @Override
    public String toString() {
        return "ClientIdentity[clientId=%s, userId=%s, principal=%s]"
                .formatted(clientId, userId, principal == null ? "none" : principal.getName());
    }
}
