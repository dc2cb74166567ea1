package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reply to connect of a {@link ScriptedServer} with default pings, in which only the subscriptions vary. */
final class ConnectedReply {

    private static final JsonMapper MAPPER = new JsonMapper();

    private ConnectedReply() {}

    /** Returns the subscriptions by channel, in the order of the message; everything else must be as expected. */
    static Map<String, SubscribedReply> subscriptions(String message, String client) {
        JsonNode json = MAPPER.readTree(message.replace('\'', '"')).path("connect");
        Map<String, SubscribedReply> subscriptions = new LinkedHashMap<>();
        json.path("subs")
                .properties()
                .forEach(sub -> subscriptions.put(
                        sub.getKey(),
                        SubscribedReply.readFields(sub.getValue().toString().replace('"', '\''))));
        assertThat(message).isEqualTo(message(client, subscriptions));
        return subscriptions;
    }

    private static String message(String client, Map<String, SubscribedReply> subscriptions) {
        StringBuilder subs = new StringBuilder();
        subscriptions.forEach((channel, subscription) -> subs.append(subs.isEmpty() ? "'subs':{" : ",")
                .append("'" + channel + "':")
                .append(subscription.fields()));
        return "{'id':" + ConnectRequest.ID + ",'connect':{'client':'" + client + "','version':'test',"
                + (subs.isEmpty() ? "" : subs + "},") + "'ping':25,'pong':true}}";
    }
}
