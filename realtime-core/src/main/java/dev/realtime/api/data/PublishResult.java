package dev.realtime.api.data;

/**
 * Result of a publish.
 *
 * @param position its place in the stream; {@link StreamPosition#NONE} without history; when suppressed by key the
 *     place of the first one, when suppressed by version the top of the stream
 * @param suppression why it was not delivered, {@link Suppression#NONE} if it was
 */
public record PublishResult(StreamPosition position, Suppression suppression) {

    /** Why a publication was not delivered. */
    public enum Suppression {
        NONE,
        IDEMPOTENCY_KEY,
        VERSION
    }

    /** Delivered in a channel without history. */
    public static final PublishResult WITHOUT_HISTORY = new PublishResult(StreamPosition.NONE, Suppression.NONE);
}
