package dev.realtime.api.client;

import dev.realtime.api.data.Payload;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Information about a client that wants to connect.
 *
 * @param clientId id given to the connection
 * @param transport for instance {@code websocket}
 * @param protocol its encoding
 * @param principal of the HTTP request; {@code null} if it was not authenticated
 * @param httpHeaders of the HTTP request, lower-case names
 * @param uri of the HTTP request
 * @param remoteAddress empty if unknown
 * @param token connection token, empty if none
 * @param data sent with the connect command; {@code null} if none
 * @param name of the SDK, as it says
 * @param version of the SDK, as it says
 * @param emulatedHeaders sent inside the connect command: written by the client, not to be trusted like real ones
 */
public record ConnectContext(
        String clientId,
        String transport,
        ProtocolType protocol,
        @Nullable Principal principal,
        Map<String, List<String>> httpHeaders,
        String uri,
        String remoteAddress,
        String token,
        @Nullable Payload data,
        String name,
        String version,
        Map<String, String> emulatedHeaders) {

    /** Omits credentials: token, headers, query and data. */
    @Override
    public String toString() {
        return "ConnectContext[clientId=%s, transport=%s, protocol=%s, principal=%s, remoteAddress=%s]"
                .formatted(
                        clientId, transport, protocol, principal == null ? "none" : principal.getName(), remoteAddress);
    }
}
