package dev.realtime.test;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reply of the server to one command, which has arrived already: a result, an error, or the end of the connection. An
 * error that the test never expects fails the test when its clients are closed.
 */
public class TestReply {

    private final Conversation conversation;

    private final DataReader data;

    private final String command;

    private final String kind;

    private final @Nullable ObjectNode reply;

    private boolean seen;

    /** @param reply {@code null} if the connection ended instead */
    TestReply(Conversation conversation, DataReader data, String kind, String command, @Nullable ObjectNode reply) {
        this.conversation = conversation;
        this.data = data;
        this.kind = kind;
        this.command = command;
        this.reply = reply;
    }

    /**
     * Expects the command to have succeeded.
     *
     * @return this reply
     * @throws AssertionError with the error that was received instead
     */
    public TestReply expectSuccess() {
        result();
        return this;
    }

    /**
     * Expects the command to have been refused.
     *
     * @param code of the error, for instance 103 for "permission denied"
     * @return the error
     * @throws AssertionError with what was received instead
     */
    public ClientError expectError(int code) {
        ClientError error = error();
        if (error == null) {
            throw conversation.failure(
                    "Expected error " + code + " in reply to " + command + ", but " + outcome() + ".");
        }
        if (error.code() != code) {
            throw conversation.failure("Expected error " + code + " in reply to " + command + ", but received error "
                    + error.code() + " '" + error.message() + "'." + hint(error));
        }
        return error;
    }

    /**
     * Returns the error without expecting a certain one.
     *
     * @return {@code null} if the command was not refused with an error
     */
    public @Nullable ClientError error() {
        seen = true;
        return reply != null && reply.get("error") instanceof ObjectNode error
                ? new ClientError(
                        error.path("code").asInt(0),
                        error.path("message").asString(""),
                        error.path("temporary").asBoolean(false))
                : null;
    }

    /**
     * Expects success and returns the data of the result.
     *
     * @param type to which the application's {@code JsonMapper} binds the data
     * @throws AssertionError if the command failed, or the data does not bind to the type
     */
    public <T> T data(Class<T> type) {
        return data.read(result().path("data"), type, "the reply to " + command, conversation);
    }

    /**
     * Expects success and returns the data of the result.
     *
     * @param type to which the application's {@code JsonMapper} binds the data, such as a list
     * @throws AssertionError if the command failed, or the data does not bind to the type
     */
    public <T> T data(TypeReference<T> type) {
        return data.read(result().path("data"), type, "the reply to " + command, conversation);
    }

    /**
     * Expects success and returns the result as the protocol has it.
     *
     * @throws AssertionError with the error that was received instead
     */
    public JsonNode result() {
        ClientError error = error();
        if (error != null) {
            throw conversation.failure("Expected " + command + " to succeed, but received error " + error.code() + " '"
                    + error.message() + "'." + hint(error));
        }
        if (reply == null) {
            throw conversation.failure("Expected " + command + " to succeed, but " + outcome() + ".");
        }
        JsonNode result = reply.get(kind);
        return result == null ? MissingNode.getInstance() : result;
    }

    DataReader reader() {
        return data;
    }

    Conversation conversation() {
        return conversation;
    }

    String command() {
        return command;
    }

    /** Returns whether there is no result, without marking the error as expected. */
    boolean failed() {
        return reply == null || reply.has("error");
    }

    /** Returns a message about an error that the test did not expect; {@code null} if there is none. */
    @Nullable
    String unseen() {
        if (seen || reply == null || !reply.has("error")) {
            return null;
        }
        JsonNode error = reply.get("error");
        return "The reply to " + command + " was error " + error.path("code").asInt(0) + " '"
                + error.path("message").asString("") + "', and the test did not expect it. Call expectSuccess() or"
                + " expectError(" + error.path("code").asInt(0) + ") on the reply.";
    }

    private String outcome() {
        Disconnect closed = conversation.closed();
        if (reply == null && closed != null) {
            return "the connection ended: " + closed.code() + " '" + closed.reason() + "'";
        }
        return "it succeeded: " + (reply == null ? "" : reply.path(kind));
    }

    private static String hint(ClientError error) {
        return switch (error.code()) {
            case 100 -> " A callback of the application failed or was late: see the log.";
            case 101 ->
                " The client has no identity: give it a user or a token, or set"
                        + " `realtime.client.allow-anonymous-connect-without-token=true`.";
            case 102 ->
                " The channel belongs to no configured namespace: add it under `realtime.channel.namespaces`,"
                        + " or check the name.";
            case 103 ->
                " Permit it in a handler, with a token, or with an option of the namespace such as"
                        + " `allow-subscribe-for-client`.";
            case 104 -> " There is no handler for the method: annotate one with @OnRpc and load it in the test.";
            case 108 -> " An option of the namespace is missing, such as `history-size` or `presence`.";
            default -> "";
        };
    }

    @Override
    public String toString() {
        return "reply to " + command + ": " + (reply == null ? outcome() : reply.toString());
    }
}
