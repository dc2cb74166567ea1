package dev.realtime.template;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * History of a channel with the data read as objects of the application.
 *
 * @param <T> type of the data
 * @param publications in the order of the query
 * @param position top of the stream at the moment of the read
 */
public record TypedHistory<T>(List<Item<T>> publications, StreamPosition position) {

    /**
     * One publication.
     *
     * @param <T> type of the data
     * @param data the object that was read; {@code null} for the JSON literal
     * @param publication the publication as it is in the stream, with its offset, publisher and tags
     */
    public record Item<T>(@Nullable T data, Publication publication) {}

    /**
     * Returns the data alone.
     *
     * @return the data without {@code null}, in the order of the query
     */
    public List<T> data() {
        return publications.stream()
                .map(Item::data)
                .filter(data -> data != null)
                .toList();
    }
}
