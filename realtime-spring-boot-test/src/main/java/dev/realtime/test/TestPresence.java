package dev.realtime.test;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reply to a presence command. */
public final class TestPresence extends TestReply {

    TestPresence(Conversation conversation, DataReader data, String channel, @Nullable ObjectNode reply) {
        super(conversation, data, "presence", "presence of '" + channel + "'", reply);
    }

    /** Expects success and returns every client in the channel. */
    public List<ClientInfo> clients() {
        JsonNode presence = result().path("presence");
        return presence.properties().stream()
                .map(Map.Entry::getValue)
                .map(DataReader::clientInfo)
                .toList();
    }

    /** Expects success and returns the ids of the users in the channel, each once, in their natural order. */
    public Set<String> users() {
        Set<String> users = new TreeSet<>();
        clients().forEach(client -> users.add(client.userId()));
        return users;
    }
}
