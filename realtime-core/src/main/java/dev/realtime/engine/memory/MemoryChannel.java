package dev.realtime.engine.memory;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.AppendOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** State of one channel in the broker. */
final class MemoryChannel extends ChannelTable.Row {

    /** Whether this node receives what is published. */
    boolean subscribed;

    /** {@code null} before the first use of history, and again when the position has expired. */
    @Nullable
    MemoryStream stream;

    /** Idempotency key to the position that its first publish returned; {@code null} when there are none. */
    private @Nullable ExpiringMap<String, StreamPosition> answered;

    /** The stream, a new one if there is none. */
    MemoryStream stream(Supplier<String> newEpoch) {
        if (stream == null) {
            stream = new MemoryStream(newEpoch.get());
        }
        return stream;
    }

    /** The result of the first publish with this key; {@code null} if there was none within the window. */
    @Nullable
    StreamPosition answerTo(String idempotencyKey) {
        return answered == null ? null : answered.get(idempotencyKey);
    }

    /** Remembers the result of the first publish with this key. */
    void remember(String idempotencyKey, StreamPosition position, long nowMillis) {
        if (answered == null) {
            answered = new ExpiringMap<>(AppendOptions.IDEMPOTENCY_WINDOW.toMillis());
        }
        answered.put(idempotencyKey, position, nowMillis);
    }

    /** Forgets a key before its time. */
    void forget(String idempotencyKey) {
        if (answered != null) {
            answered.remove(idempotencyKey);
            if (answered.size() == 0) {
                answered = null;
            }
        }
    }

    @Override
    void expire(long nowMillis) {
        if (stream != null) {
            if (stream.hasEnded(nowMillis)) {
                stream = null;
            } else {
                stream.expire(nowMillis);
            }
        }
        if (answered != null) {
            answered.expire(nowMillis, position -> {});
            if (answered.size() == 0) {
                answered = null;
            }
        }
    }

    @Override
    boolean isEmpty() {
        return !subscribed && stream == null && answered == null;
    }
}
