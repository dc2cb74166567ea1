package dev.realtime.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One piece of data in a channel.
 *
 * @param data what was published, byte for byte
 * @param info the client that published it; {@code null} when the application did
 * @param offset its number in the stream, from 1; 0 in a channel without history
 * @param tags small key-value pairs beside the data, empty if none
 */
public record Publication(Payload data, @Nullable ClientInfo info, long offset, Map<String, String> tags) {

    /** Publication of the application, not yet in a stream. */
    public static Publication of(Payload data) {
        return new Publication(data, null, 0, Map.of());
    }

    /** The same publication at a place in the stream. */
    public Publication at(long offset) {
        return new Publication(data, info, offset, tags);
    }
}
