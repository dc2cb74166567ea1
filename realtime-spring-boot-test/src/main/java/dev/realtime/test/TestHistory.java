package dev.realtime.test;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reply to a history command. */
public final class TestHistory extends TestReply {

    private final String channel;

    TestHistory(Conversation conversation, DataReader data, String channel, @Nullable ObjectNode reply) {
        super(conversation, data, "history", "history of '" + channel + "'", reply);
        this.channel = channel;
    }

    /**
     * Expects success and returns the data of the publications, in the order of the reply.
     *
     * @param type to which the application's {@code JsonMapper} binds each
     */
    public <T> List<T> publications(Class<T> type) {
        return publications().stream()
                .map(publication -> publication.data(type))
                .toList();
    }

    /** Expects success and returns the publications, in the order of the reply. */
    public List<ReceivedPublication> publications() {
        JsonNode publications = result().path("publications");
        return publications
                .valueStream()
                .map(publication -> new ReceivedPublication(channel, publication, reader(), conversation()))
                .toList();
    }

    /** Expects success and returns the top of the stream. */
    public StreamPosition position() {
        JsonNode result = result();
        return new StreamPosition(
                result.path("offset").asLong(0), result.path("epoch").asString(""));
    }
}
