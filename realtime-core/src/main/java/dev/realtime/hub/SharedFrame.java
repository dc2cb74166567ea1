package dev.realtime.hub;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Frame that all subscribers of one class on one executor write. Their references are counted in two steps, one before
 * the first and one after the last, since the counter of a frame is contended by all executors that send it. Confined
 * to the executor.
 */
public final class SharedFrame {

    private final @Nullable ByteBuf frame;

    private final int writers;

    /** References that were counted and not handed out. */
    private int held = 1;

    /**
     * @param frame whose one reference is taken over; {@code null} if the wire form cannot carry it
     * @param writers most subscribers that will take it, each once
     */
    SharedFrame(@Nullable ByteBuf frame, int writers) {
        this.frame = frame;
        this.writers = writers;
    }

    /** Returns the frame with a reference that the caller owns; {@code null} if the wire form cannot carry it. */
    public @Nullable ByteBuf take() {
        if (frame == null) {
            return null;
        }
        if (held == 1 && writers > 1) {
            frame.retain(writers);
            held += writers;
        }
        held--;
        return frame;
    }

    /** Gives back what was not taken. */
    void release() {
        if (frame != null && held > 0) {
            frame.release(held);
        }
    }
}
