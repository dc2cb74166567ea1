package dev.realtime.test;

import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Commands of one client. Waits for replies and records which errors the test expected. */
final class ClientCommands {

    private final Conversation conversation;

    private final DataReader reader;

    private final Duration timeout;

    private final Consumer<String> check;

    private final List<TestReply> replies = new ArrayList<>();

    /**
     * @param timeout for a reply
     * @param check receives the description of each command before it is sent; throws if the client cannot send
     */
    ClientCommands(Conversation conversation, DataReader reader, Duration timeout, Consumer<String> check) {
        this.conversation = conversation;
        this.reader = reader;
        this.timeout = timeout;
        this.check = check;
    }

    TestReply publish(String channel, Object data) {
        ObjectNode body = channel(channel);
        body.set("data", reader.write(data));
        return send("publish", body, "publish into '" + channel + "'");
    }

    TestReply rpc(String method, Object data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("method", method);
        body.set("data", reader.write(data));
        return send("rpc", body, "rpc '" + method + "'");
    }

    void message(Object data) {
        check.accept("send a message");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("data", reader.write(data));
        conversation.send("send", body, false);
    }

    TestHistory history(String channel) {
        ObjectNode body = channel(channel);
        body.put("limit", -1);
        return keep(new TestHistory(
                conversation, reader, channel, request("history", body, "history of '" + channel + "'")));
    }

    TestPresence presence(String channel) {
        return keep(new TestPresence(
                conversation, reader, channel, request("presence", channel(channel), "presence of '" + channel + "'")));
    }

    TestReply unsubscribe(String channel) {
        return send("unsubscribe", channel(channel), "unsubscribe '" + channel + "'");
    }

    TestReply refresh(String token) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("token", token);
        return send("refresh", body, "refresh");
    }

    TestReply refresh(String channel, String token) {
        ObjectNode body = channel(channel);
        body.put("token", token);
        return send("sub_refresh", body, "refresh of '" + channel + "'");
    }

    private static ObjectNode channel(String channel) {
        return JsonNodeFactory.instance.objectNode().put("channel", channel);
    }

    /** Sends a command of any kind and waits for its reply. */
    TestReply send(String kind, ObjectNode body, String command) {
        return keep(new TestReply(conversation, reader, kind, command, request(kind, body, command)));
    }

    private @Nullable ObjectNode request(String kind, ObjectNode body, String command) {
        check.accept(command);
        long id = conversation.send(kind, body, true);
        return conversation.awaitReply(id, timeout, () -> "a reply to " + command);
    }

    private <T extends TestReply> T keep(T reply) {
        replies.add(reply);
        return reply;
    }

    /** Returns a message about the first error that the test did not expect; {@code null} if there is none. */
    @Nullable
    String complaint() {
        return replies.stream()
                .map(TestReply::unseen)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
