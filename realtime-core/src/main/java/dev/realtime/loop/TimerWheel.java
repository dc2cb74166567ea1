package dev.realtime.loop;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hashed timing wheel of one executor: holds any number of timers for the price of one scheduled task, which runs only
 * while there are timers. Touched on the executor only, but for what says otherwise. A timer fires up to one tick late,
 * never early. A timer that fails is ended and does not fire again; all others do.
 */
public final class TimerWheel {

    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Returned by a timer that is not to fire again. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int SLOTS = 512;

    private final EventExecutor executor;

    private final Runnable afterTick;

    private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS];

    private final long startNanos;

    private long currentTick;

    private int timers;

    /** The timer of the current slot that is visited next. */
    private @Nullable Timer cursor;

    private @Nullable Future<?> ticking;

    /** @param afterTick called after a tick in which timers fired */
    TimerWheel(EventExecutor executor, Runnable afterTick) {
        this.executor = executor;
        this.afterTick = afterTick;
        this.startNanos = executor.ticker().nanoTime();
    }

    /** Returns whether the caller is on the executor, and may touch this. */
    public boolean isOnExecutor() {
        return executor.inEventLoop();
    }

    /** Runs something that touches this on the executor, immediately if the caller is on it; by any thread. */
    public void onExecutor(Runnable task) {
        if (executor.inEventLoop()) {
            task.run();
        } else {
            Boundary.execute(executor, task);
        }
    }

    /** Time since the wheel was made; by any thread. */
    public long nowNanos() {
        return executor.ticker().nanoTime() - startNanos;
    }

    /** Sets when a timer fires next, whatever was set before. */
    public void schedule(Timer timer, long deadlineNanos) {
        cancel(timer);
        if (deadlineNanos == NEVER) {
            return;
        }
        if (ticking == null) {
            startTicking();
        }
        timers++;
        // A deadline that has passed is met in the next tick: the slots before it were visited already.
        timer.tick = Math.max(currentTick + 1, (deadlineNanos + TICK_NANOS - 1) / TICK_NANOS);
        int slot = (int) (timer.tick % SLOTS);
        Timer head = slots[slot];
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
        timer.scheduled = true;
    }

    /** Ticks on the boundaries that deadlines are rounded up to, so that no timer waits for more than one. */
    private void startTicking() {
        long now = nowNanos();
        currentTick = now / TICK_NANOS;
        long untilNext = TICK_NANOS - now % TICK_NANOS;
        ticking = executor.scheduleAtFixedRate(this::tick, untilNext, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Takes a timer out; nothing happens if it is not in. */
    public void cancel(Timer timer) {
        if (!timer.scheduled) {
            return;
        }
        if (timer == cursor) {
            cursor = timer.next;
        }
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else {
            slots[(int) (timer.tick % SLOTS)] = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.scheduled = false;
        if (--timers == 0 && ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    private void tick() {
        long now = nowNanos();
        long lastTick = now / TICK_NANOS;
        // After a long stall every slot is visited once at most: whatever is due is in one of them.
        long from = Math.max(currentTick + 1, lastTick - SLOTS + 1);
        currentTick = lastTick;
        boolean fired = false;
        for (long tick = from; tick <= lastTick; tick++) {
            fired |= fireSlot((int) (tick % SLOTS), lastTick, now);
        }
        if (fired) {
            Boundary.run(Place.PRESENCE_REFRESH, executor, afterTick);
        }
    }

    private boolean fireSlot(int slot, long lastTick, long now) {
        boolean fired = false;
        cursor = slots[slot];
        while (cursor != null) {
            Timer timer = cursor;
            cursor = timer.next;
            if (timer.tick <= lastTick) {
                fire(timer, now);
                fired = true;
            }
        }
        return fired;
    }

    private void fire(Timer timer, long now) {
        try {
            cancel(timer);
            schedule(timer, timer.fire(now));
        } catch (Throwable failure) {
            Boundary.end(Place.TIMER, timer, failure);
        }
    }

    /** Something that is called back in time. The links belong to the wheel it is in. */
    public abstract static class Timer implements FailureOwner {

        private @Nullable Timer previous;

        private @Nullable Timer next;

        private long tick;

        private boolean scheduled;

        /** Does what is due and returns when to fire next, or {@link #NEVER}. May cancel other timers. */
        public abstract long fire(long nowNanos);
    }
}
