package dev.realtime.api.channel;

import java.time.Duration;

/**
 * Size and lifetime of the history of a channel.
 *
 * @param size most publications kept; 0 for no history
 * @param ttl how long publications are kept after the last one; zero for no history
 * @param metaTtl how long offset and epoch are kept after the last use; not below {@code ttl}
 */
public record HistoryOptions(int size, Duration ttl, Duration metaTtl) {

    /** Default of {@link #metaTtl()}: 720 hours. */
    public static final Duration DEFAULT_META_TTL = Duration.ofHours(720);

    /** No history. */
    public static final HistoryOptions NONE = new HistoryOptions(0, Duration.ZERO, DEFAULT_META_TTL);

    /**
     * Returns whether publications get offsets and are kept.
     *
     * @return whether history is on
     */
    public boolean enabled() {
        return size > 0 && ttl.compareTo(Duration.ZERO) > 0;
    }
}
