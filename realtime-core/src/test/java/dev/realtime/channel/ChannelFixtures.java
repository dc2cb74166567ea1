package dev.realtime.channel;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import java.time.Duration;

/** Parts of channel options that many tests need and none of them is about. */
public final class ChannelFixtures {

    /** Every client, anonymous ones included. */
    public static final Access ANYONE = new Access(true, false, true);

    private ChannelFixtures() {}

    /** Returns a history of this many publications, kept for a minute and their position for ten. */
    public static HistoryOptions keeping(int size) {
        return new HistoryOptions(size, Duration.ofMinutes(1), Duration.ofMinutes(10));
    }

    /** Returns a history of this many publications with a time-to-live, and a position that outlives the test. */
    public static HistoryOptions keeping(int size, Duration ttl) {
        return new HistoryOptions(size, ttl, HistoryOptions.DEFAULT_META_TTL);
    }
}
