package dev.realtime.test;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions of one client: its own and those that the server made. They outlive a connection, as in an SDK. */
final class ClientSubscriptions {

    private final RealtimeTestClient client;

    private final Conversation conversation;

    private final ClientCommands commands;

    private final DataReader reader;

    private final Map<String, RealtimeTestSubscription> byChannel = new LinkedHashMap<>();

    ClientSubscriptions(
            RealtimeTestClient client, Conversation conversation, ClientCommands commands, DataReader reader) {
        this.client = client;
        this.conversation = conversation;
        this.commands = commands;
        this.reader = reader;
    }

    /** Subscribes to a channel. A refusal does not replace the subscription that the client has there. */
    RealtimeTestSubscription subscribe(String channel, SubscribeRequest request) {
        RealtimeTestSubscription subscription =
                new RealtimeTestSubscription(client, channel, request, send(channel, request, null));
        if (!subscription.isRefused() || !byChannel.containsKey(channel)) {
            byChannel.put(channel, subscription);
        }
        return subscription;
    }

    /** Sends the subscribe command, which recovers from the position if there is one. */
    TestReply send(String channel, SubscribeRequest request, @Nullable StreamPosition position) {
        TestReply reply = commands.send("subscribe", request.command(channel, position), "subscribe '" + channel + "'");
        if (!reply.failed()) {
            conversation.subscribed(channel, reply.result());
        }
        return reply;
    }

    /** Adds the positions of what the server subscribed the client to before. */
    void addPositions(ObjectNode connectCommand) {
        byChannel.values().stream()
                .filter(subscription -> !subscription.isOfClient())
                .map(RealtimeTestSubscription::channel)
                .forEach(channel -> addPosition(connectCommand, channel));
    }

    private void addPosition(ObjectNode connectCommand, String channel) {
        StreamPosition position = conversation.position(channel);
        if (position != null) {
            ObjectNode sub = connectCommand.withObject("subs").putObject(channel);
            sub.put("recover", true);
            sub.put("offset", position.offset());
            sub.put("epoch", position.epoch());
        }
    }

    /** Takes what the server subscribed the client to out of the reply to the connect command. */
    void connected(JsonNode subs) {
        subs.properties().forEach(sub -> {
            subscribedByServer(sub.getKey(), sub.getValue());
            conversation.subscribed(sub.getKey(), sub.getValue());
        });
    }

    /** Returns the subscription that the server made, after its reply or push. */
    RealtimeTestSubscription subscribedByServer(String channel, JsonNode body) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.set("subscribe", body);
        TestReply joined =
                new TestReply(conversation, reader, "subscribe", "subscribe '" + channel + "' by the server", result);
        RealtimeTestSubscription subscription =
                byChannel.computeIfAbsent(channel, name -> new RealtimeTestSubscription(client, name, null, joined));
        subscription.connected(joined);
        return subscription;
    }

    /** Subscribes again to what the client subscribed to itself. */
    void resubscribe() {
        byChannel.values().stream()
                .filter(RealtimeTestSubscription::isOfClient)
                .filter(subscription -> !subscription.isRefused())
                .forEach(RealtimeTestSubscription::resubscribe);
    }

    @Nullable
    RealtimeTestSubscription find(String channel) {
        return byChannel.get(channel);
    }

    Set<String> channels() {
        return byChannel.keySet();
    }

    void remove(String channel) {
        byChannel.remove(channel);
    }
}
