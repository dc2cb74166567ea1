package dev.realtime.auth;

import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A connected client, as the application's decisions see it.
 *
 * @param clientId the connection
 * @param userId empty for anonymous
 * @param principal of the HTTP request the connection began with; {@code null} if it was not authenticated
 */
public record ClientIdentity(
        String clientId, String userId, @Nullable Principal principal) {}
