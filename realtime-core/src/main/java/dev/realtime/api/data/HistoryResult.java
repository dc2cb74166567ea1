package dev.realtime.api.data;

import java.util.List;

/**
 * Publications of a stream and its position, read at one moment.
 *
 * @param publications in the order asked for
 * @param position top of the stream at that moment
 * @param predecessors where earlier epochs of this stream ended that lost nothing by ending: a client that has one of
 *     them, at most there, may continue in the epoch of {@code position} as if it were the same. Empty where epochs
 *     only end with their stream
 * @param formerEpochs all earlier epochs of this stream as far as they are known, whether or not they lost something by
 *     ending: what arrives of them late is not of a newer stream
 */
public record HistoryResult(
        List<Publication> publications,
        StreamPosition position,
        List<StreamPosition> predecessors,
        List<String> formerEpochs) {

    /**
     * What was read of a stream without earlier epochs.
     *
     * @param publications publications, in the order of the query
     * @param position top of the stream
     */
    public HistoryResult(List<Publication> publications, StreamPosition position) {
        this(publications, position, List.of(), List.of());
    }

    /**
     * What was read of a stream all whose earlier epochs lost nothing by ending.
     *
     * @param publications publications, in the order of the query
     * @param position top of the stream
     * @param predecessors earlier epochs that the stream continues
     */
    public HistoryResult(List<Publication> publications, StreamPosition position, List<StreamPosition> predecessors) {
        this(
                publications,
                position,
                predecessors,
                predecessors.stream().map(StreamPosition::epoch).toList());
    }

    /**
     * Returns whether what this stream has after a place is all that was published after it: the place is of this
     * stream, or of an epoch that the stream continued with nothing lost. An empty epoch is not compared.
     *
     * @param place position of a client
     * @return whether nothing is missing
     */
    public boolean continues(StreamPosition place) {
        if (place.epoch().isEmpty() || place.epoch().equals(position.epoch())) {
            return true;
        }
        for (StreamPosition end : predecessors) {
            if (end.epoch().equals(place.epoch())) {
                return Long.compareUnsigned(place.offset(), end.offset()) <= 0;
            }
        }
        return false;
    }
}
