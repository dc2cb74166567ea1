package dev.realtime.test;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.test.conversation.DataReader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Options of a client for one subscription. Not thread-safe. */
public final class SubscribeRequest {

    private final DataReader reader;

    private Supplier<String> token = () -> "";

    private @Nullable Object data;

    private @Nullable StreamPosition since;

    private boolean positioned;

    private boolean recoverable;

    private boolean joinLeave;

    SubscribeRequest(DataReader reader) {
        this.reader = reader;
    }

    /** Sends a subscription token. */
    public SubscribeRequest token(String token) {
        return token(() -> token);
    }

    /** Sends a subscription token, asked for again by each reconnect. */
    public SubscribeRequest token(Supplier<String> token) {
        this.token = token;
        return this;
    }

    /** Sends data with the command: an object, or bytes as they are. */
    public SubscribeRequest data(Object data) {
        this.data = data;
        return this;
    }

    /** Recovers what was published since a position. */
    public SubscribeRequest since(StreamPosition since) {
        this.since = since;
        return this;
    }

    /** Asks for a positioned subscription. */
    public SubscribeRequest positioned() {
        this.positioned = true;
        return this;
    }

    /** Asks for a recoverable subscription. */
    public SubscribeRequest recoverable() {
        this.recoverable = true;
        return this;
    }

    /** Asks for join and leave pushes. */
    public SubscribeRequest joinLeave() {
        this.joinLeave = true;
        return this;
    }

    /** Returns the command for a channel, from a position of the client if it has one. */
    ObjectNode command(String channel, @Nullable StreamPosition position) {
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        command.put("channel", channel);
        String proof = token.get();
        if (!proof.isEmpty()) {
            command.put("token", proof);
        }
        if (data != null) {
            command.set("data", reader.write(data));
        }
        StreamPosition from = position == null ? since : position;
        if (from != null) {
            command.put("recover", true);
            command.put("offset", from.offset());
            command.put("epoch", from.epoch());
        }
        flag(command, "positioned", positioned);
        flag(command, "recoverable", recoverable);
        flag(command, "join_leave", joinLeave);
        return command;
    }

    private static void flag(ObjectNode command, String name, boolean value) {
        if (value) {
            command.put(name, true);
        }
    }
}
