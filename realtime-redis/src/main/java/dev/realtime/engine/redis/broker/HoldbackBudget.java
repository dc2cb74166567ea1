package dev.realtime.engine.redis.broker;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all channels of a node together may hold back while their streams are read. */
final class HoldbackBudget {

    private final long most;

    private final AtomicLong held = new AtomicLong();

    HoldbackBudget(long most) {
        this.most = most;
    }

    /** Takes bytes from the budget; returns {@code false} if there are not as many left. */
    boolean reserve(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Returns how many bytes are taken. */
    long held() {
        return held.get();
    }
}
