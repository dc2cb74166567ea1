package dev.realtime.spi.transport;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a transport and of the HTTP request behind it, known before the first command.
 *
 * @param name of the transport, for instance {@code websocket}
 * @param capabilities of the transport
 * @param principal principal of the HTTP request; {@code null} if it was not
 * @param headers of the HTTP request, lower-case names
 * @param uri of the HTTP request, with its query
 * @param remoteAddress for logs, empty if unknown
 */
public record TransportDescription(
        String name,
        TransportCapabilities capabilities,
        @Nullable Principal principal,
        Map<String, List<String>> headers,
        String uri,
        String remoteAddress) {

    /** Leaves out headers and query, which may hold cookies and tokens. */
    @Override
    public String toString() {
        return "TransportDescription[name=%s, principal=%s, remoteAddress=%s]"
                .formatted(name, principal == null ? "none" : principal.getName(), remoteAddress);
    }
}
