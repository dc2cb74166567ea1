package dev.realtime.test.socket;

import dev.realtime.api.client.ProtocolType;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connector to a live server, over WebSocket. Headers of its HTTP requests identify the client. */
public record LiveConnector(URI uri) implements Connector {

    @Override
    public ClientSocket open(
            ProtocolType protocol,
            @Nullable Principal principal,
            Map<String, List<String>> headers,
            SocketListener listener) {
        if (principal != null) {
            throw new IllegalStateException("A client of a live server cannot have a principal: the server identifies"
                    + " it. Send a token(), or a header() such as `Authorization` or `Cookie`.");
        }
        return LiveSocket.open(uri, protocol, headers, listener);
    }

    @Override
    public String describe() {
        return uri.toString();
    }
}
