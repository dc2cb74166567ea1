package dev.realtime.node;

import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportListener;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client of a {@link ScriptedServer}: frames in, frames out, as text where it speaks JSON. */
public final class ScriptedClient {

    private final ScriptedServer server;

    private final ScriptedTransport transport;

    private final TransportListener connection;

    private final String name;

    private boolean ended;

    ScriptedClient(ScriptedServer server, ScriptedTransport transport, TransportListener connection, String name) {
        this.server = server;
        this.transport = transport;
        this.connection = connection;
        this.name = name;
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

    /** Sends JSON written as {@link #heard()} shows it, and lets the server do what it has to. */
    public ScriptedClient tell(String command) {
        return send(server.unquoted(command));
    }

    /** Sends JSON written as {@link #heard()} shows it; returns the replies. */
    public List<String> ask(String command) {
        heard();
        return tell(command).heard();
    }

    /**
     * JSON messages received since the last call, to be read by people: with single quotes in place of double ones, and
     * clients by their name in place of their id.
     */
    public List<String> heard() {
        return take().stream().map(server::quoted).toList();
    }

    /** Connects without anything, and forgets the reply. */
    public ScriptedClient connect() {
        send("{\"id\":1,\"connect\":{}}");
        take();
        return this;
    }

    /** Connects with a token, and forgets the reply. */
    public ScriptedClient connect(String token) {
        send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
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

    /** Closes the connection from the side of the client or the network. */
    public void drop() {
        if (!ended) {
            ended = true;
            connection.onClosed();
            server.run();
        }
    }

    /** What it is called in what tests read: {@code #1} is the first client of its server. */
    public String name() {
        return name;
    }

    /** The id the server gave it. */
    public String id() {
        return ((ClientConnection) connection).clientId();
    }

    /** The transport under it. */
    public ScriptedTransport transport() {
        return transport;
    }
}
