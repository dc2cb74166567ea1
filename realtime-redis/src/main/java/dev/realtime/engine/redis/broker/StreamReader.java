package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.StreamPosition;

/** Reads of the stream that a {@link StreamFollower} follows. Results come later, or immediately, as calls of it. */
interface StreamReader {

    /**
     * Reads where the stream ends and in which epoch, together with others; {@link StreamFollower#onPosition} is
     * called. Repeated until the follower is closed.
     *
     * @param checkedFrom handed back with the result
     */
    void check(StreamFollower follower, StreamPosition checkedFrom);

    /** As {@link #check}, after a moment. */
    void checkLater(StreamFollower follower, StreamPosition checkedFrom);

    /**
     * Reads what is at a place and after it, two more than {@link StreamFollower#MAX_MISSING} at most; {@link
     * StreamFollower#onRead} is called. Repeated until the follower is closed.
     */
    void read(StreamFollower follower, StreamPosition since);

    /** As {@link #read}, after a moment: the server that replied is not the one to read from. */
    void readLater(StreamFollower follower, StreamPosition since);

    /**
     * Returns whether the subscription of a follower is interrupted, so that {@link StreamFollower#onInterruption} is
     * called as soon as it is confirmed again.
     */
    boolean isInterrupted(StreamFollower follower);
}
