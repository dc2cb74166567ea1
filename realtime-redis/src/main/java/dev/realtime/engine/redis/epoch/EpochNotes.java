package dev.realtime.engine.redis.epoch;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import java.util.List;

/** Knowledge of this node about epochs, and reports of the streams that it follows. */
public interface EpochNotes {

    /** Returns the present moment, for {@link #saw}. */
    int tick();

    /** Returns whether nothing of an epoch is to be passed on any more. */
    boolean hasEnded(String epoch);

    /** Notes how far the node had seen a stream at a moment. */
    void saw(FollowedStream stream, StreamPosition position, int when);

    /**
     * Notes that a stream continues under another epoch.
     *
     * @param position where the node was in the former epoch
     * @param when it came there
     * @param past what the stream knows of its former epochs
     */
    void epochEnded(FollowedStream stream, StreamPosition position, int when, List<PastEpoch> past);

    /**
     * Notes that this node has continued in the present epoch of a stream.
     *
     * @param from epoch that it left
     * @param read what the stream reported of itself
     */
    void epochContinued(FollowedStream stream, String from, StreamRead read);

    /** Has a stream continue under another epoch, because offsets of this one were used twice. */
    void rolledBack(FollowedStream stream, String epoch);
}
