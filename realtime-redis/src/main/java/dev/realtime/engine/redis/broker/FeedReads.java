package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import java.util.List;

/** What a {@link StreamFollower} has done for it. Answers come later, or at once, as calls of the follower. */
interface FeedReads {

    /**
     * Looks where the stream ends and in which epoch, together with others; {@link StreamFollower#onPosition} is
     * called. Tried again until the follower is closed.
     *
     * @param stoodAt handed back with the answer
     */
    void check(StreamFollower follower, StreamPosition stoodAt);

    /**
     * Reads what is at a place and after it, two more than {@link StreamFollower#MAX_MISSING} at most; {@link
     * StreamFollower#onRead} is notified. Tried again until the follower is closed.
     */
    void read(StreamFollower follower, StreamPosition since);

    /** The same after a moment: the server that answered is not the one that is to be asked. */
    void readLater(StreamFollower follower, StreamPosition since);

    /** As {@link #check}, after a moment. */
    void checkLater(StreamFollower follower, StreamPosition stoodAt);

    /**
     * Returns whether the subscription of a follower is interrupted, so that {@link StreamFollower#onInterruption} is
     * called as soon as it is confirmed again.
     */
    boolean isInterrupted(StreamFollower follower);

    /** The present moment, for {@link #saw}. */
    int tick();

    /** Whether nothing of an epoch is to be passed on any more. */
    boolean hasEnded(String epoch);

    /**
     * The stream went on under another epoch.
     *
     * @param stoodAt where the follower was in the former epoch
     * @param when it came there
     * @param past what the stream knows of its former epochs
     */
    void epochEnded(StreamFollower follower, StreamPosition stoodAt, int when, List<PastEpoch> past);

    /**
     * The follower has continued in the present epoch of its stream.
     *
     * @param from epoch that it left
     * @param read what the stream said of itself
     */
    void epochContinued(StreamFollower follower, String from, StreamRead read);

    /** Offsets of this epoch were given away twice: the stream has to go on under another. */
    void rolledBack(StreamFollower follower, String epoch);

    /** Notes how far the node had seen a stream at a moment. */
    void saw(StreamFollower follower, StreamPosition position, int when);

    /** Takes room for what is held back, of what all channels of the node share; {@code false} if there is no more. */
    boolean reserve(long bytes);

    void release(long bytes);
}
