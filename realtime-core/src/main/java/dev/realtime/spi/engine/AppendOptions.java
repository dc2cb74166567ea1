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

    /**
     * Kept as given, no key, no version.
     *
     * @param history history options of the channel
     * @return the options
     */
    public static AppendOptions keeping(HistoryOptions history) {
        return new AppendOptions(history, "", 0, "", false);
    }

    /**
     * Sets the idempotency key.
     *
     * @param idempotencyKey key that identifies repetitions of a publish; empty for none
     * @return a copy with the key
     */
    public AppendOptions withIdempotencyKey(String idempotencyKey) {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, replicated);
    }

    /**
     * Sets the version of the data.
     *
     * @param version version of the data; 0 for none
     * @param versionEpoch epoch of the version; empty for none
     * @return a copy with the version
     */
    public AppendOptions withVersion(long version, String versionEpoch) {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, replicated);
    }

    /**
     * The same, acknowledged only when it is on a replica.
     *
     * @return a copy that is acknowledged by replicas
     */
    public AppendOptions untilReplicated() {
        return new AppendOptions(history, idempotencyKey, version, versionEpoch, true);
    }
}
