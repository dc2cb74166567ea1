package dev.realtime.hub;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that wait to be delivered, by the executor they wait for, of all channels. An executor that is blocked, by code
 * of the application for instance, must cost its own clients their publications and not the node its memory.
 */
final class WaitingBytes {

    private static final Logger logger = LoggerFactory.getLogger(WaitingBytes.class);

    private final Map<EventExecutor, OfExecutor> byExecutor = new ConcurrentHashMap<>();

    private final long max;

    WaitingBytes(long max) {
        this.max = max;
    }

    OfExecutor of(EventExecutor executor) {
        return byExecutor.computeIfAbsent(executor, owner -> new OfExecutor(owner, max));
    }

    /** Bytes that wait for one executor. */
    static final class OfExecutor {

        private final AtomicLong waiting = new AtomicLong();

        /** Whether something was lost since nothing waited; said once, not for each. */
        private final AtomicBoolean full = new AtomicBoolean();

        private final EventExecutor executor;

        private final long max;

        private OfExecutor(EventExecutor executor, long max) {
            this.executor = executor;
            this.max = max;
        }

        /**
         * Counts bytes that are to wait; returns {@code false}, and counts nothing, if they are too many. What comes
         * while nothing waits is taken, however long it is.
         */
        boolean add(int bytes) {
            long sum = waiting.addAndGet(bytes);
            if (sum <= max || sum == bytes) {
                return true;
            }
            waiting.addAndGet(-bytes);
            if (full.compareAndSet(false, true)) {
                logger.warn(
                        "More than {} bytes wait to be delivered by {}, which is too slow. Until it catches up,"
                                + " publications for its clients are lost, and positioned subscribers are notified."
                                + " Check whether code of the application blocks an event loop.",
                        max,
                        executor);
            }
            return false;
        }

        void remove(int bytes) {
            if (waiting.addAndGet(-bytes) == 0 && full.get()) {
                full.set(false);
            }
        }
    }
}
