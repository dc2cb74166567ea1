package dev.realtime.test;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.socket.ClientSocket;
import dev.realtime.test.socket.Connector;
import dev.realtime.test.socket.SocketListener;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Connection of one client, over several sockets if the client reconnects, with its outcome and the expectations of the
 * test.
 */
final class ClientConnection {

    private final String name;

    private final BiFunction<Connector, SocketListener, ClientSocket> opener;

    private final Conversation conversation;

    private Connector connector;

    private boolean dropped;

    private boolean endExpected;

    private boolean closed;

    private @Nullable ClientError connectError;

    /**
     * @param name name of the client
     * @param opener opens a socket to a server
     * @param connector the server
     */
    ClientConnection(
            String name,
            BiFunction<Connector, SocketListener, ClientSocket> opener,
            Connector connector,
            Conversation conversation) {
        this.name = name;
        this.opener = opener;
        this.connector = connector;
        this.conversation = conversation;
    }

    /** Opens a socket; nothing of the one before is known any more. */
    public void open() {
        conversation.opened(opener.apply(connector, conversation.next()));
        dropped = false;
        endExpected = false;
        connectError = null;
    }

    /** Keeps the error that was the reply to the connect command. */
    void refused(ClientError error) {
        connectError = error;
    }

    /** Fails unless the server accepted the client. */
    void expectConnected() {
        ClientError error = connectError;
        if (error != null) {
            throw conversation.failure("Expected client '" + name + "' to connect, but received error "
                    + error.code() + " '" + error.message() + "'. If the test means that, call tryConnect() and"
                    + " expectConnectError(" + error.code() + ").");
        }
        Disconnect end = conversation.closed();
        if (end != null) {
            throw conversation.failure("Expected client '" + name + "' to connect, but the connection ended: "
                    + end.code() + " '" + end.reason() + "'. If the test means that, call tryConnect() and"
                    + " expectDisconnect(" + end.code() + ").");
        }
    }

    ClientError expectConnectError(int code) {
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

    Disconnect expectDisconnect(int code, Duration timeout) {
        Disconnect end = conversation.awaitClosed(timeout);
        endExpected = true;
        if (end.code() != code) {
            throw conversation.failure("Expected client '" + name + "' to be disconnected with " + code
                    + ", but the connection ended with " + end.code() + " '" + end.reason() + "'.");
        }
        return end;
    }

    public boolean isConnected() {
        settle();
        return conversation.closed() == null;
    }

    /** Returns whether an open client connects to this server. */
    boolean isTo(Connector server) {
        return !closed && connector.equals(server);
    }

    /** Lets the next socket be one to another server. */
    void moveTo(Connector server, String description) {
        checkOpen();
        connector = server;
        conversation.transcript().note("moves to " + description);
    }

    void drop() {
        checkOpen();
        dropped = true;
        conversation.transcript().note("dropped by the test");
        conversation.drop();
    }

    void pause() {
        checkOpen();
        conversation.transcript().note("paused by the test");
        conversation.socket().pause();
    }

    void resume() {
        checkOpen();
        conversation.transcript().note("resumed by the test");
        conversation.socket().resume();
    }

    public boolean isClosed() {
        return closed;
    }

    void close() {
        if (!closed) {
            closed = true;
            conversation.drop();
        }
    }

    /** Waits for what the server was given to deliver; returns whether all of it is known to be here. */
    boolean settle() {
        return !closed && conversation.settle();
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Client '" + name + "' was closed: clients are closed at the end of the"
                    + " test that opened them. Open another one in this test.\n\n" + conversation.transcript());
        }
    }

    /** @param command description of what the client is about to send */
    void checkCanSend(String command) {
        checkOpen();
        if (dropped) {
            throw new IllegalStateException("Client '" + name + "' was dropped by the test, so it cannot " + command
                    + ". Call reconnect() first.");
        }
    }

    /** Returns the reason why nothing more arrives, for a message. */
    String end() {
        Disconnect end = conversation.closed();
        return dropped || end == null
                ? "the test dropped the client. Call reconnect()."
                : "the connection ended: " + end.code() + " '" + end.reason() + "'.";
    }

    /** Returns a message about an end that the test did not expect; {@code null} if there is none. */
    @Nullable
    String complaint() {
        ClientError refused = connectError;
        if (refused != null && !endExpected) {
            return "Client '" + name + "' was refused with error " + refused.code() + " '" + refused.message()
                    + "', and the test did not expect it. Call expectConnectError(" + refused.code() + ").";
        }
        Disconnect end = conversation.closed();
        if (end != null && !dropped && !endExpected) {
            return "Client '" + name + "' was disconnected with " + end.code() + " '" + end.reason()
                    + "', and the test did not expect it. Call expectDisconnect(" + end.code() + ").";
        }
        return null;
    }
}
