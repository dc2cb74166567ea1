package dev.realtime.statistics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counter of what one thread sent to clients. Only that thread counts, so that counting costs no atomic operation; any
 * thread may read.
 */
public final class SentCounter {

    private static final VarHandle MESSAGES = field("messages");

    private static final VarHandle BYTES = field("bytes");

    private long messages;

    private long bytes;

    SentCounter() {}

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(SentCounter.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Counts frames of one write. */
    public void sent(int messages, int bytes) {
        MESSAGES.setOpaque(this, this.messages + messages);
        BYTES.setOpaque(this, this.bytes + bytes);
    }

    long messages() {
        return (long) MESSAGES.getOpaque(this);
    }

    long bytes() {
        return (long) BYTES.getOpaque(this);
    }
}
