package dev.realtime.identity;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** A client of the node of an application context, without a socket. JSON is in single quotes. */
final class NodeClient implements AutoCloseable {

    private final ManualExecutor executor = new ManualExecutor();

    private final ScriptedTransport transport;

    private final TransportListener connection;

    /** @param principal of the HTTP request */
    NodeClient(ApplicationContext context, @Nullable Principal principal) {
        this.transport = new ScriptedTransport(
                executor,
                WireForm.JSON_WEBSOCKET,
                new TransportDescription("websocket", TransportCapabilities.WEBSOCKET, principal, Map.of(), "/", ""));
        this.connection = context.getBean(RealtimeNode.class).accept(transport);
    }

    /** Returns the last thing that the server says to a command, or how it closes. */
    String ask(String command) {
        transport.takeReceived();
        connection.onMessage(Unpooled.copiedBuffer(command.replace('\'', '"'), StandardCharsets.UTF_8));
        executor.runAll();
        if (transport.closedWith() != null) {
            return "closed " + transport.closedWith().code();
        }
        List<byte[]> received = transport.takeReceived();
        return new String(received.get(received.size() - 1), StandardCharsets.UTF_8).replace('"', '\'');
    }

    @Override
    public void close() {
        connection.onClosed();
        executor.runAll();
    }
}
