package dev.realtime.engine.redis.stream;

import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reader of what publish.lua and publish-once.lua return: offset, epoch, what became of the publication, and for a
 * repeated idempotency key the generation of the server.
 */
final class PublishOutput extends CommandOutput<byte[], byte[], PublishReply> {

    private static final Suppression[] SUPPRESSIONS = {
        Suppression.NONE, Suppression.IDEMPOTENCY_KEY, Suppression.VERSION
    };

    private long offset;

    /** {@code null} before it was read, which distinguishes the two numbers. */
    private @Nullable String epoch;

    private int suppression;

    private String generation = "";

    PublishOutput() {
        super(ByteArrayCodec.INSTANCE, new PublishReply(PublishResult.WITHOUT_HISTORY, ""));
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
            generation = text;
        }
    }

    @Override
    public PublishReply get() {
        String known = epoch;
        StreamPosition position =
                known == null || known.isEmpty() ? StreamPosition.NONE : new StreamPosition(offset, known);
        return new PublishReply(new PublishResult(position, SUPPRESSIONS[suppression]), generation);
    }
}
