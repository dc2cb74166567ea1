package dev.realtime.test.socket;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connector to a node of this JVM, in memory. */
public record NodeConnector(Supplier<RealtimeNode> node, EventExecutor loop) implements Connector {

    @Override
    public ClientSocket open(
            ProtocolType protocol,
            @Nullable Principal principal,
            Map<String, List<String>> headers,
            SocketListener listener) {
        RealtimeNode running = node.get();
        if (!running.admits()) {
            throw new AssertionError("The " + running + " takes no clients: "
                    + (running.isRunning()
                            ? "it is stopping, or its limits are reached (`realtime.client.connection-limit`,"
                                    + " `realtime.client.connection-rate-limit`)."
                            : "it does not run. Clients can connect once the application context is started."));
        }
        TransportDescription description = new TransportDescription(
                "websocket", TransportCapabilities.WEBSOCKET, principal, headers, "/connection/websocket", "127.0.0.1");
        return InMemorySocket.open(
                loop,
                protocol == ProtocolType.JSON ? WireForm.JSON_WEBSOCKET : WireForm.PROTOBUF_WEBSOCKET,
                description,
                listener,
                running::accept);
    }

    @Override
    public String describe() {
        return "in this JVM";
    }
}
