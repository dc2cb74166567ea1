package dev.realtime.test.socket;

import dev.realtime.api.client.ProtocolType;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens sockets to one server. */
public interface Connector {

    /**
     * Opens a socket.
     *
     * @param principal of the HTTP request that would carry it
     * @param headers of that request, lower-case names
     */
    ClientSocket open(
            ProtocolType protocol,
            @Nullable Principal principal,
            Map<String, List<String>> headers,
            SocketListener listener);

    /** Returns where the clients are connected to, for a transcript. */
    String describe();
}
