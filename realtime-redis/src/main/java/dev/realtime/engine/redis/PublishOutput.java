package dev.realtime.engine.redis;

import dev.realtime.engine.PublishResult;
import dev.realtime.engine.PublishResult.Suppression;
import dev.realtime.protocol.StreamPosition;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what publish.lua and publish-once.lua answer: offset, epoch, and what became of the publication. */
final class PublishOutput extends CommandOutput<byte[], byte[], PublishResult> {

    private static final Suppression[] SUPPRESSIONS = {
        Suppression.NONE, Suppression.IDEMPOTENCY_KEY, Suppression.VERSION
    };

    private long offset;

    /** {@code null} before it was read, which tells the two numbers apart. */
    private @Nullable String epoch;

    private int suppression;

    PublishOutput() {
        super(ByteArrayCodec.INSTANCE, PublishResult.WITHOUT_HISTORY);
    }

    @Override
    public void set(long number) {
        if (epoch == null) {
            offset = number;
        } else {
            suppression = (int) number;
        }
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        epoch = bytes == null || !bytes.hasRemaining()
                ? ""
                : StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    @Override
    public PublishResult get() {
        String known = epoch;
        StreamPosition position =
                known == null || known.isEmpty() ? StreamPosition.NONE : new StreamPosition(offset, known);
        return new PublishResult(position, SUPPRESSIONS[suppression]);
    }
}
