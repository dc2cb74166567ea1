package dev.realtime.node;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportListener;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One client of a {@link ScriptedServer}: frames in, frames out, as text where it speaks JSON. */
public final class ScriptedClient {

    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");

    private final ScriptedServer server;

    private final ScriptedTransport transport;

    private final TransportListener connection;

    private final String name;

    /** Messages taken from the transport behind one that was read alone. */
    private final List<byte[]> unread = new ArrayList<>();

    private String session = "";

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

    /** Posts a frame written as {@link #heard()} shows it, in the session of the last connect reply. */
    public EmulationOutcome post(String frame) {
        return Objects.requireNonNull(server.await(postLater(frame)));
    }

    /** Posts a frame when it is subscribed to; the server does what it has to when it runs. */
    public Mono<EmulationOutcome> postLater(String frame) {
        return server.node()
                .emulate(server.node().id(), session, server.unquoted(frame).getBytes(StandardCharsets.UTF_8));
    }

    /** Session of the last connect reply that was taken; empty if it had none. */
    public String session() {
        return session;
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

    /** Connects without anything, and discards the reply. */
    public ScriptedClient connected() {
        send("{\"id\":1,\"connect\":{}}");
        take();
        return this;
    }

    /** Connects with a token, and discards the reply. */
    public ScriptedClient connected(String token) {
        send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
        take();
        return this;
    }

    /** Subscribes with nothing but the name, and discards the reply. */
    public ScriptedClient subscribed(String channel) {
        send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        take();
        return this;
    }

    /** Unsubscribes, and discards the reply. */
    public ScriptedClient unsubscribed(String channel) {
        ask("{'id':3,'unsubscribe':{'channel':'" + channel + "'}}");
        return this;
    }

    /** Begins a connect command, which is sent when it is complete. */
    public ConnectRequest connect() {
        return new ConnectRequest(this);
    }

    /** Begins a subscribe command, which is sent when it is complete. */
    public SubscribeRequest subscribe(String channel) {
        return new SubscribeRequest(this, channel);
    }

    /** Takes the next message, which must be the reply to subscribe and no error. */
    public SubscribedReply reply() {
        return SubscribedReply.read(next());
    }

    /** Takes the next message, which must be the reply to subscribe and an error. */
    public ErrorReply error() {
        return ErrorReply.read(SubscribeRequest.ID, next());
    }

    /** Takes the next message, which must be the reply to connect; see {@link ConnectRequest#subscriptions()}. */
    public Map<String, SubscribedReply> subscriptions() {
        return ConnectedReply.subscriptions(next(), name);
    }

    private String next() {
        List<byte[]> messages = new ArrayList<>(takeBytes());
        if (messages.isEmpty()) {
            throw new AssertionError("nothing came back");
        }
        byte[] first = messages.remove(0);
        unread.addAll(messages);
        return server.quoted(new String(first, StandardCharsets.UTF_8));
    }

    /** Messages received since the last call, as text. */
    public List<String> take() {
        return takeBytes().stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList();
    }

    /** Messages received since the last call. */
    public List<byte[]> takeBytes() {
        server.run();
        List<byte[]> messages = new ArrayList<>(unread);
        unread.clear();
        List<byte[]> received = transport.takeReceived();
        received.forEach(this::noteSession);
        messages.addAll(received);
        return messages;
    }

    private void noteSession(byte[] message) {
        Matcher named = SESSION.matcher(new String(message, StandardCharsets.UTF_8));
        if (named.find()) {
            session = named.group(1);
        }
    }

    /** How the server closed the connection; {@code null} if it did not. */
    public @Nullable Disconnect closedWith() {
        server.run();
        return transport.closedWith();
    }

    /** Returns why connect failed, if the transport was notified. */
    public @Nullable ClientError connectError() {
        server.run();
        return transport.connectError();
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
