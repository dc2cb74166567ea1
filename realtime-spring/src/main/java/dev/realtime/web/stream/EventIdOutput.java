package dev.realtime.web.stream;

import dev.realtime.api.data.StreamPosition;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Output of server-sent events that gives the last event of each flush an id, if the positions of the client have
 * changed. The id is part of that event, so that no client has one without the other. Confined to the executor of the
 * connection.
 */
final class EventIdOutput implements StreamOutput {

    private final StreamOutput output;

    private final Supplier<Map<String, StreamPosition>> positions;

    /** The last frames that were written, which end with an event; null after a flush. */
    private @Nullable ByteBuf last;

    private String id = "";

    EventIdOutput(StreamOutput output, Supplier<Map<String, StreamPosition>> positions) {
        this.output = output;
        this.positions = positions;
    }

    @Override
    public void write(ByteBuf frames) {
        passOn();
        last = frames;
    }

    @Override
    public void flush() {
        ByteBuf event = last;
        if (event != null) {
            last = null;
            String now = EventIds.of(positions.get());
            if (now.equals(id)) {
                output.write(event);
            } else {
                id = now;
                writeWithId(event);
            }
        }
        output.flush();
    }

    /** Writes the id between the data and the empty line that ends the event. */
    private void writeWithId(ByteBuf event) {
        output.write(event.slice(event.readerIndex(), event.readableBytes() - 1));
        output.write(Unpooled.wrappedBuffer(("id: " + id + "\n\n").getBytes(StandardCharsets.US_ASCII)));
    }

    private void passOn() {
        ByteBuf event = last;
        if (event != null) {
            last = null;
            output.write(event);
        }
    }

    @Override
    public long queuedBytes() {
        return output.queuedBytes() + (last == null ? 0 : last.readableBytes());
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        output.forEachQueued(action);
        if (last != null) {
            action.accept(last);
        }
    }

    @Override
    public void drop() {
        if (last != null) {
            last.release();
            last = null;
        }
        output.drop();
    }

    @Override
    public void finish() {
        passOn();
        output.finish();
    }

    @Override
    public void cut() {
        output.cut();
    }
}
