package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Events of one kind, in the order an SDK's threads brought them, for the thread of a test to take. */
final class Inbox<T> {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String kind;

    private final BlockingQueue<T> events = new LinkedBlockingQueue<>();

    Inbox(String kind) {
        this.kind = kind;
    }

    void add(T event) {
        events.add(event);
    }

    /** The next event, awaited. */
    T next() {
        try {
            T event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(event).as("%s within %s", kind, PATIENCE).isNotNull();
            return event;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for " + kind, stopped);
        }
    }

    /** The next events, awaited. */
    List<T> next(int count) {
        List<T> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(next());
        }
        return taken;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }
}
