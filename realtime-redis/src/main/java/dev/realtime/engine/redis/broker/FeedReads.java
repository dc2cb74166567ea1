package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import java.util.List;

/** What a {@link ChannelFeed} has done for it. Answers come later, or at once, as calls of the feed. */
interface FeedReads {

    /**
     * Looks where the stream ends and in which epoch, together with others; {@link ChannelFeed#onPosition} is called.
     * Tried again until the feed is closed.
     *
     * @param stoodAt handed back with the answer
     */
    void check(ChannelFeed feed, StreamPosition stoodAt);

    /**
     * Reads what is at a place and after it, two more than {@link ChannelFeed#MAX_MISSING} at most; {@link
     * ChannelFeed#onRead} is notified. Tried again until the feed is closed.
     */
    void read(ChannelFeed feed, StreamPosition since);

    /** The same after a moment: the server that answered is not the one that is to be asked. */
    void readLater(ChannelFeed feed, StreamPosition since);

    /** As {@link #check}, after a moment. */
    void checkLater(ChannelFeed feed, StreamPosition stoodAt);

    /**
     * Returns whether the subscription of a feed is interrupted, so that {@link ChannelFeed#onInterruption} is called
     * as soon as it is confirmed again.
     */
    boolean isInterrupted(ChannelFeed feed);

    /** The present moment, for {@link #saw}. */
    int tick();

    /** Whether nothing of an epoch is to be passed on any more. */
    boolean hasEnded(String epoch);

    /**
     * The stream went on under another epoch.
     *
     * @param stoodAt where the feed was in the former epoch
     * @param when it came there
     * @param past what the stream knows of its former epochs
     */
    void epochEnded(ChannelFeed feed, StreamPosition stoodAt, int when, List<PastEpoch> past);

    /**
     * The feed has continued in the present epoch of its stream.
     *
     * @param from epoch that it left
     * @param read what the stream said of itself
     */
    void epochContinued(ChannelFeed feed, String from, StreamRead read);

    /** Offsets of this epoch were given away twice: the stream has to go on under another. */
    void rolledBack(ChannelFeed feed, String epoch);

    /** Notes how far the node had seen a stream at a moment. */
    void saw(ChannelFeed feed, StreamPosition position, int when);

    /** Takes room for what is held back, of what all channels of the node share; {@code false} if there is no more. */
    boolean reserve(long bytes);

    void release(long bytes);
}
