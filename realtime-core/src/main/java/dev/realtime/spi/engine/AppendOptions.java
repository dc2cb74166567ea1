package dev.realtime.spi.engine;

import dev.realtime.api.channel.HistoryOptions;
import java.time.Duration;

/**
 * Options of one publish.
 *
 * @param history how it is kept; {@link HistoryOptions#NONE} delivers it without offset and keeps nothing
 * @param idempotencyKey a second publish with the same key in the same channel within {@link #IDEMPOTENCY_WINDOW} is
 *     suppressed and returns the first result; empty for none
 * @param version suppressed when not above the version of the last publication of the same {@code versionEpoch}; 0 is
 *     not compared and leaves the last version in force. Unsigned; only with history
 * @param versionEpoch identity of the version counter; empty compares with whatever was last
 * @param replicated whether it is a failure unless a replica of the engine's store has it too; only with history.
 *     Subscribers may have received it even then
 */
public record AppendOptions(
        HistoryOptions history, String idempotencyKey, long version, String versionEpoch, boolean replicated) {

    /** How long a key is remembered after its publish: five minutes. */
    public static final Duration IDEMPOTENCY_WINDOW = Duration.ofMinutes(5);

    /** No history, no key, no version. */
    public static final AppendOptions NONE = new AppendOptions(HistoryOptions.NONE, "", 0, "", false);

    /** Kept as given, no key, no version. */
    public static AppendOptions keeping(HistoryOptions history) {
        return new AppendOptions(history, "", 0, "", false);
    }

    public AppendOptions withIdempotencyKey(String idempotencyKey) {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, replicated);
    }

    public AppendOptions withVersion(long version, String versionEpoch) {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, replicated);
    }

    /** The same, acknowledged only when it is on a replica. */
    public AppendOptions untilReplicated() {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, true);
    }
}
