package dev.realtime.node;

import dev.realtime.protocol.Disconnect;
import dev.realtime.transport.ScriptedTransport;
import dev.realtime.transport.TransportListener;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client of a {@link ScriptedServer}: frames in, frames out, as text where it speaks JSON. */
public final class ScriptedClient {

    private final ScriptedServer server;

    private final ScriptedTransport transport;

    private final TransportListener connection;

    ScriptedClient(ScriptedServer server, ScriptedTransport transport, TransportListener connection) {
        this.server = server;
        this.transport = transport;
        this.connection = connection;
    }

    /** Sends a frame and lets the server do what it has to. */
    public ScriptedClient send(String frame) {
        return send(frame.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame and lets the server do what it has to. */
    public ScriptedClient send(byte[] frame) {
        connection.onMessage(Unpooled.wrappedBuffer(frame));
        server.run();
        return this;
    }

    /** Connects without anything, and forgets the reply. */
    public ScriptedClient connect() {
        send("{\"id\":1,\"connect\":{}}");
        take();
        return this;
    }

    /** Subscribes with nothing but the name, and forgets the reply. */
    public ScriptedClient subscribe(String channel) {
        send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        take();
        return this;
    }

    /** Messages received since the last call, as text. */
    public List<String> take() {
        server.run();
        return transport.takeReceived().stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList();
    }

    /** Messages received since the last call. */
    public List<byte[]> takeBytes() {
        server.run();
        return transport.takeReceived();
    }

    /** How the server closed the connection; {@code null} if it did not. */
    public @Nullable Disconnect closedWith() {
        server.run();
        return transport.closedWith();
    }

    /** The client or the network ends the connection. */
    public void drop() {
        connection.onClosed();
        server.run();
    }

    /** The transport under it. */
    public ScriptedTransport transport() {
        return transport;
    }
}
