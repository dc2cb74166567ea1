package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.key.RedisKeys;

/** Stream of a channel that this node is subscribed to, as far as the end of its epochs concerns it. */
public interface FollowedStream {

    String channel();

    RedisKeys.ChannelKeys keys();

    /** Returns the epoch of the stream as far as it is known here; empty before. */
    String epoch();

    /** Returns whether this node is no longer subscribed. */
    boolean isClosed();

    /**
     * Handles the end of a generation of Redis: notes how far its epoch was seen, and passes nothing of it on from then
     * on.
     *
     * @param generation that has ended
     * @param then is run when that is done
     */
    void seal(String generation, Runnable then);
}
