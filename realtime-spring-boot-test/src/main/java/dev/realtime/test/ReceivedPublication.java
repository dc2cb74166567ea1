package dev.realtime.test;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** One publication as a client received it. */
public final class ReceivedPublication {

    private final String channel;

    private final JsonNode publication;

    private final DataReader data;

    private final Conversation conversation;

    ReceivedPublication(String channel, JsonNode publication, DataReader data, Conversation conversation) {
        this.channel = channel;
        this.publication = publication;
        this.data = data;
        this.conversation = conversation;
    }

    /** Returns the channel that it came in. */
    public String channel() {
        return channel;
    }

    /**
     * Returns the data.
     *
     * @param type to which the application's {@code JsonMapper} binds it
     * @throws AssertionError if it does not bind to the type; the message shows the data
     */
    public <T> T data(Class<T> type) {
        return data.read(data(), type, "a publication in '" + channel + "'", conversation);
    }

    /**
     * Returns the data.
     *
     * @param type to which the application's {@code JsonMapper} binds it, such as a list
     * @throws AssertionError if it does not bind to the type; the message shows the data
     */
    public <T> T data(TypeReference<T> type) {
        return data.read(data(), type, "a publication in '" + channel + "'", conversation);
    }

    /** Returns the data as a tree; a binary node if it is not JSON. */
    public JsonNode data() {
        return publication.path("data");
    }

    /** Returns the offset; 0 in a channel without history. */
    public long offset() {
        return publication.path("offset").asLong(0);
    }

    /** Returns the tags, empty if there are none. */
    public Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        publication
                .path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
        return tags;
    }

    /** Returns the client that published it; {@code null} if the application did. */
    public @Nullable ClientInfo publisher() {
        JsonNode info = publication.path("info");
        return info.isMissingNode() ? null : DataReader.clientInfo(info);
    }

    @Override
    public String toString() {
        return "publication in '" + channel + "': " + publication;
    }
}
