package dev.realtime.api.data;

import org.jspecify.annotations.Nullable;

/**
 * Selection of the publications of a stream to read.
 *
 * @param limit most publications to return; 0 for the position alone, negative for no limit
 * @param since only what is strictly after this offset (strictly before it when {@code reverse}); {@code null} starts
 *     at the oldest (newest when {@code reverse}). The epoch in it is not compared here
 * @param reverse newest first
 */
public record HistoryQuery(int limit, @Nullable StreamPosition since, boolean reverse) {

    /** The position alone. */
    public static final HistoryQuery POSITION = new HistoryQuery(0, null, false);

    /**
     * At most {@code limit} publications after a position, oldest first.
     *
     * @param since position after which to read
     * @param limit maximum number of publications; 0 for the position only, negative for no limit
     * @return the query
     */
    public static HistoryQuery after(StreamPosition since, int limit) {
        return new HistoryQuery(limit, since, false);
    }

    /**
     * The newest publications first.
     *
     * @param limit maximum number of publications; 0 for the position only, negative for no limit
     * @return the query
     */
    public static HistoryQuery latest(int limit) {
        return new HistoryQuery(limit, null, true);
    }
}
