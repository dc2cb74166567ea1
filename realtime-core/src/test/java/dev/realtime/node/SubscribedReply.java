package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reply to subscribe, or one of the subscriptions in the reply to connect, as a client reads it. Two are equal if their
 * messages are, to the byte: what was read must be the same when it is written again.
 *
 * @param ttl seconds until the subscription expires; 0 where the client is not to refresh it
 * @param publications as JSON, see {@link #publication}
 * @param data as JSON; empty for none
 */
public record SubscribedReply(
        long ttl,
        boolean recoverable,
        String epoch,
        List<String> publications,
        boolean recovered,
        long offset,
        boolean positioned,
        String data,
        boolean wasRecovering) {

    /** A subscription without a position, in which nothing was to be recovered. */
    public static final SubscribedReply SUBSCRIBED =
            new SubscribedReply(0, false, "", List.of(), false, 0, false, "", false);

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String BEFORE = "{'id':" + SubscribeRequest.ID + ",'subscribe':";

    /** A positioned subscription. */
    public static SubscribedReply positioned(long offset, String epoch) {
        return new SubscribedReply(0, false, epoch, List.of(), false, offset, true, "", false);
    }

    /** A subscription that can be recovered later. */
    public static SubscribedReply recoverable(long offset, String epoch) {
        return new SubscribedReply(0, true, epoch, List.of(), false, offset, true, "", false);
    }

    /** A subscription with everything that came after an offset. */
    public static SubscribedReply recovered(long since, String epoch, String... publications) {
        return new SubscribedReply(0, true, epoch, List.of(publications), true, since, true, "", true);
    }

    /** A subscription at the top of the stream that lacks something since the position asked for. */
    public static SubscribedReply notRecovered(long top, String epoch) {
        return recoverable(top, epoch).askedToRecover();
    }

    /** A publication as published by {@link ScriptedServer#publish}: a number as its data, and as its offset. */
    public static String publication(int number) {
        return "{'data':'" + number + "','offset':" + number + "}";
    }

    /** The same subscription where the client asked to recover. */
    public SubscribedReply askedToRecover() {
        return new SubscribedReply(ttl, recoverable, epoch, publications, recovered, offset, positioned, data, true);
    }

    /** The same subscription, to be refreshed by the client within this many seconds. */
    public SubscribedReply expiringIn(long seconds) {
        return new SubscribedReply(
                seconds, recoverable, epoch, publications, recovered, offset, positioned, data, wasRecovering);
    }

    /** The same subscription with data of the server, as JSON. */
    public SubscribedReply withData(String json) {
        return new SubscribedReply(
                ttl, recoverable, epoch, publications, recovered, offset, positioned, json, wasRecovering);
    }

    static SubscribedReply read(String message) {
        assertThat(message).startsWith(BEFORE).endsWith("}");
        return readFields(message.substring(BEFORE.length(), message.length() - 1));
    }

    static SubscribedReply readFields(String text) {
        JsonNode json = MAPPER.readTree(text.replace('\'', '"'));
        List<String> publications = new ArrayList<>();
        json.path("publications").forEach(publication -> publications.add(text(publication)));
        SubscribedReply reply = new SubscribedReply(
                json.path("ttl").asLong(0),
                json.has("recoverable"),
                json.path("epoch").asString(""),
                publications,
                json.has("recovered"),
                json.path("offset").asLong(0),
                json.has("positioned"),
                json.has("data") ? text(json.path("data")) : "",
                json.has("was_recovering"));
        assertThat(reply.fields()).isEqualTo(text);
        return reply;
    }

    private static String text(JsonNode json) {
        return json.toString().replace('"', '\'');
    }

    String fields() {
        List<String> fields = new ArrayList<>();
        if (ttl != 0) {
            fields.add("'expires':true,'ttl':" + ttl);
        }
        if (recoverable) {
            fields.add("'recoverable':true");
        }
        if (!epoch.isEmpty()) {
            fields.add("'epoch':'" + epoch + "'");
        }
        if (!publications.isEmpty()) {
            fields.add("'publications':[" + String.join(",", publications) + "]");
        }
        if (recovered) {
            fields.add("'recovered':true");
        }
        if (offset != 0) {
            fields.add("'offset':" + offset);
        }
        if (positioned) {
            fields.add("'positioned':true");
        }
        if (!data.isEmpty()) {
            fields.add("'data':" + data);
        }
        if (wasRecovering) {
            fields.add("'was_recovering':true");
        }
        return "{" + String.join(",", fields) + "}";
    }

    /** The message, as {@link ScriptedClient#heard()} shows it. */
    @Override
    public String toString() {
        return BEFORE + fields() + "}";
    }
}
