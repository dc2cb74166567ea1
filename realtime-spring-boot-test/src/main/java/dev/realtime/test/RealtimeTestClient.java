package dev.realtime.test;

import dev.realtime.protocol.ClientError;
import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.StreamPosition;
import dev.realtime.test.socket.ClientSocket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Client of a test. It speaks the real protocol: in the JVM to the node of the application context, or over WebSocket
 * to a live server. Commands wait for their reply; pushes wait, in order, until the test awaits them. For one thread.
 *
 * <p>Clients in the JVM are opened by {@link RealtimeTestClients}, which closes them after the test.
 */
public final class RealtimeTestClient implements AutoCloseable {

    private static final Duration QUIET = Duration.ofMillis(200);

    private final RealtimeTestClientBuilder settings;

    private final DataReader reader;

    private final Conversation conversation;

    private final Map<String, RealtimeTestSubscription> subscriptions = new LinkedHashMap<>();

    private final ClientCommands commands;

    private Connector connector;

    private String id = "";

    private boolean dropped;

    private boolean endExpected;

    private boolean closed;

    private @Nullable ClientError connectError;

    RealtimeTestClient(RealtimeTestClientBuilder settings, Connector connector, DataReader reader) {
        this.settings = settings;
        this.connector = connector;
        this.reader = reader;
        this.conversation = new Conversation(settings.codec(), new Transcript(settings.describe(connector)));
        this.commands = new ClientCommands(conversation, reader, settings.replyTimeout(), this::checkCanSend);
    }

    /**
     * Begins a client of a live server, over WebSocket.
     *
     * @param url address of the WebSocket endpoint, for instance {@code ws://localhost:8080/connection/websocket}
     */
    public static RealtimeTestClientBuilder bindToServer(String url) {
        return new RealtimeTestClientBuilder(new LiveConnector(URI.create(url)), new DataReader(JsonMapper::shared));
    }

    /** Opens a socket and sends the connect command, with the positions of what the server subscribed it to. */
    RealtimeTestClient open() {
        ClientSocket socket = connector.open(
                settings.protocol(), settings.principal(), settings.requestHeaders(), conversation.next());
        conversation.opened(socket);
        dropped = false;
        endExpected = false;
        connectError = null;
        ObjectNode command = settings.connectCommand();
        subscriptions.values().stream()
                .filter(subscription -> !subscription.isOfClient())
                .forEach(subscription -> rejoin(command, subscription.channel()));
        TestReply reply = commands.send("connect", command, "connect");
        if (reply.failed()) {
            connectError = reply.error();
        } else {
            connected(reply);
        }
        return this;
    }

    private void rejoin(ObjectNode command, String channel) {
        StreamPosition position = conversation.position(channel);
        if (position != null) {
            ObjectNode sub = command.withObject("subs").putObject(channel);
            sub.put("recover", true);
            sub.put("offset", position.offset());
            sub.put("epoch", position.epoch());
        }
    }

    private void connected(TestReply reply) {
        id = reply.result().path("client").asString("");
        reply.result().path("subs").properties().forEach(sub -> {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            result.set("subscribe", sub.getValue());
            subscribedByServer(sub.getKey(), result);
            conversation.subscribed(sub.getKey(), sub.getValue());
        });
    }

    private RealtimeTestSubscription subscribedByServer(String channel, ObjectNode result) {
        TestReply joined =
                new TestReply(conversation, reader, "subscribe", "subscribe '" + channel + "' by the server", result);
        RealtimeTestSubscription subscription =
                subscriptions.computeIfAbsent(channel, name -> new RealtimeTestSubscription(this, name, null, joined));
        subscription.connected(joined);
        return subscription;
    }

    /** Fails unless the server accepted the client. */
    RealtimeTestClient expectConnected() {
        ClientError error = connectError;
        if (error != null) {
            throw conversation.failure("Expected client '" + name() + "' to connect, but received error "
                    + error.code() + " '" + error.message() + "'. If the test means that, call tryConnect() and"
                    + " expectConnectError(" + error.code() + ").");
        }
        Disconnect end = conversation.closed();
        if (end != null) {
            throw conversation.failure("Expected client '" + name() + "' to connect, but the connection ended: "
                    + end.code() + " '" + end.reason() + "'. If the test means that, call tryConnect() and"
                    + " expectDisconnect(" + end.code() + ").");
        }
        return this;
    }

    /** Returns the name of the client in the test, which the server does not know. */
    public String name() {
        return settings.name();
    }

    /** Returns the id that the server gave the connection; another one after each reconnect. */
    public String id() {
        return id;
    }

    /** Expects the connect command to have been refused; for clients opened with {@code tryConnect()}. */
    public ClientError expectConnectError(int code) {
        ClientError error = connectError;
        endExpected = true;
        if (error == null || error.code() != code) {
            Disconnect end = conversation.closed();
            throw conversation.failure("Expected error " + code + " in reply to connect, but "
                    + (error != null
                            ? "received error " + error.code() + " '" + error.message() + "'."
                            : end != null
                                    ? "the connection ended: " + end.code() + " '" + end.reason() + "'."
                                    : "the client is connected."));
        }
        return error;
    }

    /** Subscribes to a channel and waits for the reply. */
    public RealtimeTestSubscription subscribe(String channel) {
        return subscribe(channel, request -> {});
    }

    /** Subscribes to a channel with options and waits for the reply. */
    public RealtimeTestSubscription subscribe(String channel, Consumer<SubscribeRequest> options) {
        SubscribeRequest request = new SubscribeRequest(reader);
        options.accept(request);
        RealtimeTestSubscription subscription =
                new RealtimeTestSubscription(this, channel, request, sendSubscribe(channel, request, null));
        if (!subscription.isRefused() || !subscriptions.containsKey(channel)) {
            subscriptions.put(channel, subscription);
        }
        return subscription;
    }

    /**
     * Returns the subscription to a channel, whoever made it. Waits for the server if it is about to.
     *
     * @throws AssertionError if there is none; the message names those there are
     */
    public RealtimeTestSubscription subscription(String channel) {
        checkOpen();
        RealtimeTestSubscription known = subscriptions.get(channel);
        if (known != null) {
            return known;
        }
        settle();
        ReceivedEvent event = conversation.awaitEvent(
                push -> push.kind().equals("subscribe") && push.channel().equals(channel),
                settings.timeout(),
                () -> "a subscription of client '" + name() + "' to '" + channel + "' (it has "
                        + new TreeSet<>(subscriptions.keySet()) + ")");
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.set("subscribe", or(event, "a subscription to '" + channel + "'").body());
        return subscribedByServer(channel, result);
    }

    /** Publishes into a channel and waits for the reply. */
    public TestReply publish(String channel, Object data) {
        return commands.publish(channel, data);
    }

    /** Calls a method of the application without data and waits for the reply. */
    public TestReply rpc(String method) {
        return rpc(method, Map.of());
    }

    /** Calls a method of the application and waits for the reply. */
    public TestReply rpc(String method, Object data) {
        return commands.rpc(method, data);
    }

    /** Sends a message, which has no reply. */
    public void send(Object data) {
        commands.message(data);
    }

    /** Reads the history of a channel from its beginning, as far as the server lets a client. */
    public TestHistory history(String channel) {
        return commands.history(channel);
    }

    /** Reads who is in a channel. */
    public TestPresence presence(String channel) {
        return commands.presence(channel);
    }

    /** Ends a subscription and waits for the reply. */
    public TestReply unsubscribe(String channel) {
        TestReply reply = commands.unsubscribe(channel);
        subscriptions.remove(channel);
        return reply;
    }

    /** Extends the connection with a new token and waits for the reply. */
    public TestReply refresh(String token) {
        return commands.refresh(token);
    }

    /** Extends a subscription with a new token and waits for the reply. */
    public TestReply refresh(String channel, String token) {
        return commands.refresh(channel, token);
    }

    /** Waits for the next publication, whatever the channel, and returns its data. */
    public <T> T awaitPublication(Class<T> type) {
        return awaitPublication().data(type);
    }

    /** Waits for the next publication, whatever the channel. */
    public ReceivedPublication awaitPublication() {
        return awaitPublication("");
    }

    /** Expects that no publication has arrived that the test did not await, whatever the channel. */
    public void expectNoPublication() {
        expectNoPublication("");
    }

    /** Waits for the next message to this client alone, outside channels, and returns its data. */
    public <T> T awaitMessage(Class<T> type) {
        return reader.read(awaitEvent("message", "").body().path("data"), type, "a message", conversation);
    }

    /**
     * Waits for the server to end the connection.
     *
     * @param code expected, for instance 3005 for "connection expired"
     */
    public Disconnect expectDisconnect(int code) {
        Disconnect end = conversation.awaitClosed(settings.timeout());
        endExpected = true;
        if (end.code() != code) {
            throw conversation.failure("Expected client '" + name() + "' to be disconnected with " + code
                    + ", but the connection ended with " + end.code() + " '" + end.reason() + "'.");
        }
        return end;
    }

    /** Returns whether the connection is open. */
    public boolean isConnected() {
        settle();
        return conversation.closed() == null;
    }

    /** Ends the connection without notice, as when the network is gone. */
    public RealtimeTestClient drop() {
        checkOpen();
        dropped = true;
        conversation.transcript().note("dropped by the test");
        conversation.drop();
        return this;
    }

    /**
     * Connects again as the same client and subscribes again to the channels it was in, recovering where that is
     * possible, as an SDK does by itself.
     */
    public RealtimeTestClient reconnect() {
        checkOpen();
        conversation.drop();
        open().expectConnected();
        subscriptions.values().stream()
                .filter(RealtimeTestSubscription::isOfClient)
                .filter(subscription -> !subscription.isRefused())
                .forEach(RealtimeTestSubscription::resubscribe);
        return this;
    }

    /** Reconnects to another node of a {@link RealtimeTestCluster}, as a load balancer would have it. */
    public RealtimeTestClient reconnect(RealtimeTestNode node) {
        checkOpen();
        connector = node.connector();
        conversation.transcript().note("moves to " + node);
        return reconnect();
    }

    boolean isConnectedBy(Connector server) {
        return !closed && connector.equals(server);
    }

    /** Stops reading: what the server sends waits there, and is too much some time. */
    public RealtimeTestClient pause() {
        checkOpen();
        conversation.transcript().note("paused by the test");
        conversation.socket().pause();
        return this;
    }

    /** Reads again, and first what waited. */
    public RealtimeTestClient resume() {
        checkOpen();
        conversation.transcript().note("resumed by the test");
        conversation.socket().resume();
        return this;
    }

    /** Returns everything the client sent and received, for people. */
    public String transcript() {
        return conversation.transcript().toString();
    }

    /**
     * Closes the client.
     *
     * @throws AssertionError if the server sent an error or a disconnect that the test did not look at
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        settle();
        String complaint = complaint();
        closeQuietly();
        if (complaint != null) {
            throw conversation.failure(complaint);
        }
    }

    /** Closes the client of a test that failed already. */
    void closeQuietly() {
        if (!closed) {
            closed = true;
            conversation.drop();
        }
    }

    private @Nullable String complaint() {
        ClientError refused = connectError;
        if (refused != null && !endExpected) {
            return "Client '" + name() + "' was refused with error " + refused.code() + " '" + refused.message()
                    + "', and the test did not look at it. Call expectConnectError(" + refused.code() + ").";
        }
        Disconnect end = conversation.closed();
        if (end != null && !dropped && !endExpected) {
            return "Client '" + name() + "' was disconnected with " + end.code() + " '" + end.reason()
                    + "', and the test did not look at it. Call expectDisconnect(" + end.code() + ").";
        }
        return commands.complaint();
    }

    // ---- For subscriptions

    TestReply sendSubscribe(String channel, SubscribeRequest request, @Nullable StreamPosition position) {
        TestReply reply = commands.send("subscribe", request.command(channel, position), "subscribe '" + channel + "'");
        if (!reply.failed()) {
            conversation.subscribed(channel, reply.result());
        }
        return reply;
    }

    ReceivedPublication awaitPublication(String channel) {
        ReceivedEvent event = awaitEvent("pub", channel);
        return new ReceivedPublication(event.channel(), event.body(), reader, conversation);
    }

    ReceivedEvent awaitEvent(String kind, String channel) {
        checkOpen();
        String what = (kind.equals("pub") ? "a publication" : "a push '" + kind + "'")
                + (channel.isEmpty() ? "" : " in '" + channel + "'") + " for client '" + name() + "'";
        return or(conversation.awaitEvent(matching(kind, channel), settings.timeout(), () -> what), what);
    }

    private static Predicate<ReceivedEvent> matching(String kind, String channel) {
        return event -> event.kind().equals(kind)
                && (channel.isEmpty() || event.channel().equals(channel));
    }

    private ReceivedEvent or(@Nullable ReceivedEvent event, String what) {
        if (event != null) {
            return event;
        }
        Disconnect end = conversation.closed();
        throw conversation.failure("Expected " + what + ", but "
                + (dropped || end == null
                        ? "the test dropped the client. Call reconnect()."
                        : "the connection ended: " + end.code() + " '" + end.reason() + "'.")
                + conversation.waiting());
    }

    void expectNoPublication(String channel) {
        checkOpen();
        if (!settle()) {
            quiet();
        }
        ReceivedEvent event = conversation.peek(matching("pub", channel));
        if (event != null) {
            throw conversation.failure("Expected no publication for client '" + name() + "', but received one in '"
                    + event.channel() + "': " + event.body().path("data"));
        }
    }

    private static void quiet() {
        try {
            Thread.sleep(QUIET.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Conversation conversation() {
        return conversation;
    }

    private void checkCanSend(String command) {
        checkOpen();
        if (dropped) {
            throw new IllegalStateException("Client '" + name() + "' was dropped by the test, so it cannot " + command
                    + ". Call reconnect() first.");
        }
    }

    private boolean settle() {
        return !closed && conversation.settle();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Client '" + name() + "' was closed: clients are closed at the end of the"
                    + " test that opened them. Open another one in this test.\n\n" + transcript());
        }
    }

    @Override
    public String toString() {
        return "client '" + name() + "'";
    }
}
