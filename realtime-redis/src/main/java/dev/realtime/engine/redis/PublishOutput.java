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
final class PublishOutput extends CommandOutput<byte[], byte[], PublishOutput.Published> {

    /**
     * What was answered.
     *
     * @param past epochs of the stream that ended, see {@link PastEpoch#parse}; empty if it has had none, and mostly is
     */
    record Published(PublishResult result, String past) {}

    private static final Published NOTHING = new Published(PublishResult.WITHOUT_HISTORY, "");

    private static final Suppression[] SUPPRESSIONS = {
        Suppression.NONE, Suppression.IDEMPOTENCY_KEY, Suppression.VERSION
    };

    private long offset;

    /** {@code null} before it was read, which tells the two numbers apart, and the two texts. */
    private @Nullable String epoch;

    private int suppression;

    /** Epochs of the stream that ended, as they are noted; empty for most streams. */
    private String past = "";

    PublishOutput() {
        super(ByteArrayCodec.INSTANCE, NOTHING);
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
        String text = bytes == null || !bytes.hasRemaining()
                ? ""
                : StandardCharsets.ISO_8859_1.decode(bytes).toString();
        if (epoch == null) {
            epoch = text;
        } else {
            past = text;
        }
    }

    @Override
    public Published get() {
        String known = epoch;
        StreamPosition position =
                known == null || known.isEmpty() ? StreamPosition.NONE : new StreamPosition(offset, known);
        PublishResult result = new PublishResult(position, SUPPRESSIONS[suppression]);
        return new Published(result, past);
    }
}
