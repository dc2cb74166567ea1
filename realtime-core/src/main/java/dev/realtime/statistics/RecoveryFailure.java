package dev.realtime.statistics;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.List;
import java.util.Locale;

/** Reason why a client could not recover what it missed, as counted for operators. */
public enum RecoveryFailure {
    /** The stream is another one: it was not used for longer than its meta time-to-live, or the engine lost it. */
    EPOCH,
    /** What was missed was pushed out by newer publications: {@code history-size} is too small for the absence. */
    SIZE,
    /** What was missed was too old, or removed: {@code history-ttl} is too short for the absence. */
    TTL,
    /** More was missed than {@code realtime.client.recovery-max-publication-limit}. */
    LIMIT,
    /** The client is ahead of the stream: the engine lost publications it had acknowledged. */
    ENGINE_LOSS;

    /** Why {@code since} could not be recovered from what was read, which begins right after it. */
    public static RecoveryFailure of(StreamPosition since, HistoryResult read, HistoryOptions history) {
        StreamPosition top = read.position();
        if (!since.epoch().isEmpty() && !since.epoch().equals(top.epoch())) {
            return EPOCH;
        }
        if (Long.compareUnsigned(since.offset(), top.offset()) > 0) {
            return ENGINE_LOSS;
        }
        List<Publication> kept = read.publications();
        if (kept.isEmpty()) {
            return TTL;
        }
        long oldest = kept.get(0).offset();
        if (oldest == since.offset() + 1) {
            return LIMIT;
        }
        return top.offset() - oldest + 1 >= history.size() ? SIZE : TTL;
    }

    /** Name in metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
