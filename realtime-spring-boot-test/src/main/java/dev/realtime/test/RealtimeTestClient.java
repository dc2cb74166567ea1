package dev.realtime.test;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import dev.realtime.test.conversation.Transcript;
import dev.realtime.test.socket.Connector;
import dev.realtime.test.socket.LiveConnector;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Client of a test. It speaks the real protocol: in the JVM to the node of the application context, or over WebSocket
 * to a live server. Commands wait for their reply; pushes wait, in order, until the test awaits them. For one thread.
 *
 * <p>Clients in the JVM are opened by {@link RealtimeTestClients}, which closes them after the test.
 */
public final class RealtimeTestClient implements AutoCloseable {

    private final RealtimeTestClientBuilder settings;

    private final DataReader reader;

    private final Conversation conversation;

    private final ClientCommands commands;

    private final ClientConnection connection;

    private final ClientPushes pushes;

    private final ClientSubscriptions subscriptions;

    private String id = "";

    RealtimeTestClient(RealtimeTestClientBuilder settings, Connector connector, DataReader reader) {
        this.settings = settings;
        this.reader = reader;
        this.conversation = new Conversation(settings.codec(), new Transcript(settings.describe(connector)));
        this.connection = new ClientConnection(
                settings.name(),
                (server, listener) ->
                        server.open(settings.protocol(), settings.principal(), settings.requestHeaders(), listener),
                connector,
                conversation);
        this.commands = new ClientCommands(conversation, reader, settings.replyTimeout(), connection::checkCanSend);
        this.pushes = new ClientPushes(settings.name(), conversation, connection, reader, settings.timeout());
        this.subscriptions = new ClientSubscriptions(this, conversation, commands, reader);
    }

    /**
     * Returns a builder for a client of a live server, over WebSocket.
     *
     * @param url address of the WebSocket endpoint, for instance {@code ws://localhost:8080/connection/websocket}
     */
    public static RealtimeTestClientBuilder bindToServer(String url) {
        return new RealtimeTestClientBuilder(new LiveConnector(URI.create(url)), new DataReader(JsonMapper::shared));
    }

    /** Opens a socket and sends the connect command, with the positions of what the server subscribed it to. */
    RealtimeTestClient open() {
        connection.open();
        ObjectNode command = settings.connectCommand();
        subscriptions.addPositions(command);
        TestReply reply = commands.send("connect", command, "connect");
        if (reply.failed()) {
            connection.refused(reply.error());
        } else {
            id = reply.result().path("client").asString("");
            subscriptions.connected(reply.result().path("subs"));
        }
        return this;
    }

    /** Fails unless the server accepted the client. */
    RealtimeTestClient expectConnected() {
        connection.expectConnected();
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
        return connection.expectConnectError(code);
    }

    /** Subscribes to a channel and waits for the reply. */
    public RealtimeTestSubscription subscribe(String channel) {
        return subscribe(channel, request -> {});
    }

    /** Subscribes to a channel with options and waits for the reply. */
    public RealtimeTestSubscription subscribe(String channel, Consumer<SubscribeRequest> options) {
        SubscribeRequest request = new SubscribeRequest(reader);
        options.accept(request);
        return subscriptions.subscribe(channel, request);
    }

    /**
     * Returns the subscription to a channel, by the client or the server. Waits for a pending one of the server.
     *
     * @throws AssertionError if there is none; the message names those there are
     */
    public RealtimeTestSubscription subscription(String channel) {
        connection.checkOpen();
        RealtimeTestSubscription known = subscriptions.find(channel);
        if (known != null) {
            return known;
        }
        return subscriptions.subscribedByServer(
                channel,
                pushes.awaitSubscription(channel, subscriptions.channels()).body());
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

    /** Reads the presence of a channel. */
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
        return pushes.awaitPublication("");
    }

    /** Expects that no publication has arrived that the test did not await, whatever the channel. */
    public void expectNoPublication() {
        pushes.expectNoPublication("");
    }

    /** Waits for the next message to this client alone, outside channels, and returns its data. */
    public <T> T awaitMessage(Class<T> type) {
        return pushes.awaitMessage(type);
    }

    /**
     * Waits for the server to end the connection.
     *
     * @param code expected, for instance 3005 for "connection expired"
     */
    public Disconnect expectDisconnect(int code) {
        return connection.expectDisconnect(code, settings.timeout());
    }

    /** Returns whether the connection is open. */
    public boolean isConnected() {
        return connection.isConnected();
    }

    /** Drops the connection without a close, as when the network fails. */
    public RealtimeTestClient drop() {
        connection.drop();
        return this;
    }

    /**
     * Connects again as the same client and subscribes again to the channels it was in, recovering where that is
     * possible, as an SDK does.
     */
    public RealtimeTestClient reconnect() {
        connection.checkOpen();
        conversation.drop();
        open().expectConnected();
        subscriptions.resubscribe();
        return this;
    }

    /** Reconnects to another node of a {@link RealtimeTestCluster}, as a load balancer would have it. */
    public RealtimeTestClient reconnect(RealtimeTestNode node) {
        connection.moveTo(node.connector(), node.toString());
        return reconnect();
    }

    boolean isConnectedBy(Connector server) {
        return connection.isTo(server);
    }

    /** Stops reading, so that the queue of the server fills. */
    public RealtimeTestClient pause() {
        connection.pause();
        return this;
    }

    /** Continues to read. */
    public RealtimeTestClient resume() {
        connection.resume();
        return this;
    }

    /** Returns everything that the client sent and received, as text. */
    public String transcript() {
        return conversation.transcript().toString();
    }

    /**
     * Closes the client.
     *
     * @throws AssertionError if the server sent an error or a disconnect that the test did not expect
     */
    @Override
    public void close() {
        if (connection.isClosed()) {
            return;
        }
        connection.settle();
        String complaint = connection.complaint();
        if (complaint == null) {
            complaint = commands.complaint();
        }
        closeQuietly();
        if (complaint != null) {
            throw conversation.failure(complaint);
        }
    }

    /** Closes the client of a test that failed already. */
    void closeQuietly() {
        connection.close();
    }

    ClientSubscriptions subscriptions() {
        return subscriptions;
    }

    ClientPushes pushes() {
        return pushes;
    }

    Conversation conversation() {
        return conversation;
    }

    @Override
    public String toString() {
        return "client '" + name() + "'";
    }
}
