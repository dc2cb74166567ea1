package dev.realtime.engine.redis.broker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Events of one follower, handled one at a time in the order in which they came: on the calling thread, or on the
 * thread that is handling another one. Any thread may call. No lock is held while an event is handled.
 *
 * <p><b>Order.</b> {@code events} counts the event that is handled and those that wait. A thread that raises it from
 * zero handles its own event, and then all that came meanwhile; it leaves when it has lowered it to zero, so that the
 * next caller finds no other.
 */
final class FollowerEvents {

    /** Handler of events. Called for one event at a time. */
    interface Handler {

        void message(byte[] message);

        /** Messages were dropped because too many waited. */
        void messagesDropped();

        /** An event failed because of a defect. Must not fail itself, as nothing would be handled any more. */
        void failed(Throwable error);
    }

    /** Most events that wait for the thread that is here already. */
    private static final int MAX_WAITING = 10_000;

    private final Handler handler;

    /** Events that wait, and the one that is handled. */
    private final AtomicInteger events = new AtomicInteger();

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** A message was dropped because too many events waited. */
    private volatile boolean dropped;

    FollowerEvents(Handler handler) {
        this.handler = handler;
    }

    /** Handles a message, without an object of its own if no other event is handled; {@code false} if it is dropped. */
    boolean message(byte[] message) {
        if (events.compareAndSet(0, 1)) {
            try {
                handler.message(message);
            } catch (Throwable failure) {
                handler.failed(failure);
            }
            handleWaiting();
        } else if (events.get() < MAX_WAITING) {
            handle(() -> handler.message(message));
        } else {
            dropped = true;
            return false;
        }
        return true;
    }

    /** Handles an event that is never dropped. */
    void handle(Runnable event) {
        waiting.add(event);
        if (events.getAndIncrement() == 0) {
            handleNext();
            handleWaiting();
        }
    }

    /** Ends the event that was handled, and handles what came meanwhile. */
    private void handleWaiting() {
        while (events.decrementAndGet() != 0) {
            handleNext();
        }
    }

    private void handleNext() {
        Runnable next = waiting.poll();
        try {
            if (next != null) {
                next.run();
            }
            if (dropped) {
                dropped = false;
                handler.messagesDropped();
            }
        } catch (Throwable failure) {
            handler.failed(failure);
        }
    }
}
