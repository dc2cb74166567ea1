package dev.realtime.connection;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.loop.TimerWheel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Time limit of one call of a callback of the application, after which the call is cancelled and fails with a
 * {@link TimeoutException}. It is in the Reactor context of the call, where a callback that needs another time replaces
 * it.
 *
 * <p>The time of a call that a connection makes is measured by the timing wheel of its executor, which the sequence of
 * its commands puts into the context: no executor contends with another for it. It ends up to one tick of the wheel
 * late. A scheduler measures the time of all other calls.
 *
 * <p>Lock: its monitor, so that a timer that was replaced cannot be the one that stays. Under it the executor of the
 * wheel is given a task at most.
 */
public abstract sealed class CallbackDeadline {

    private final Scheduler scheduler;

    /** {@code null} if the scheduler measures the time. */
    private final @Nullable TimerWheel wheel;

    /** Guarded by this. */
    private @Nullable Disposable timer;

    /** Guarded by this. */
    private boolean ended;

    private CallbackDeadline(Scheduler scheduler, @Nullable TimerWheel wheel) {
        this.scheduler = scheduler;
        this.wheel = wheel;
    }

    /**
     * Limits a call.
     *
     * @param time unless the callback replaces it
     * @param scheduler measures it, where no connection makes the call
     */
    public static <T> Mono<T> limit(Mono<T> call, Duration time, Scheduler scheduler) {
        return new Limited<>(call, time, scheduler);
    }

    /** Returns the context of calls on the executor of a wheel, which measures their time then. */
    static Context measuredBy(TimerWheel wheel) {
        return Context.of(TimerWheel.class, wheel);
    }

    /** Returns the deadline of the call that a context belongs to; {@code null} if it has none. */
    public static @Nullable CallbackDeadline of(ContextView context) {
        return context.getOrDefault(CallbackDeadline.class, null);
    }

    /** Replaces the time limit by another, which begins now. */
    public synchronized void replace(Duration time) {
        if (ended) {
            return;
        }
        if (timer != null) {
            timer.dispose();
        }
        Runnable expiry = () -> expire(new TimeoutException("it took longer than " + time.toMillis() + " ms"));
        timer = wheel == null
                ? scheduler.schedule(Boundary.task(Place.QUESTION, this, expiry), time.toNanos(), TimeUnit.NANOSECONDS)
                : new WheelTimer(wheel, expiry, time);
    }

    /** Ends the call, if it has not ended. */
    abstract void expire(TimeoutException failure);

    /** Returns whether the call ends now, so that its end is to be signalled. */
    final synchronized boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (timer != null) {
            timer.dispose();
        }
        return true;
    }

    final synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public String toString() {
        return "a client whose time limit expired";
    }

    private static final class Limited<T> extends Mono<T> {

        private final Mono<T> call;

        private final Duration time;

        private final Scheduler scheduler;

        Limited(Mono<T> call, Duration time, Scheduler scheduler) {
            this.call = call;
            this.time = time;
            this.scheduler = scheduler;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> caller) {
            TimerWheel wheel = caller.currentContext().getOrDefault(TimerWheel.class, null);
            Running<T> running = new Running<>(caller, scheduler, wheel != null && wheel.isOnExecutor() ? wheel : null);
            caller.onSubscribe(running);
            // The deadline first, so that a call that replaces it immediately finds it.
            running.replace(time);
            try {
                call.subscribe(running);
            } catch (Throwable failure) {
                running.end();
                throw failure;
            }
        }
    }

    /** Call between the publisher of its result and its caller: whichever of result, cancellation and time is first. */
    private static final class Running<T> extends CallbackDeadline implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> caller;

        private final Context context;

        /** {@code null} before the publisher has it; guarded by this. */
        private @Nullable Subscription call;

        /** Whether the caller wants the result; guarded by this. */
        private boolean requested;

        Running(CoreSubscriber<? super T> caller, Scheduler scheduler, @Nullable TimerWheel wheel) {
            super(scheduler, wheel);
            this.caller = caller;
            this.context = caller.currentContext().put(CallbackDeadline.class, this);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            boolean requests;
            synchronized (this) {
                call = subscription;
                requests = requested;
            }
            if (hasEnded()) {
                subscription.cancel();
            } else if (requests) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void request(long count) {
            Subscription subscription;
            synchronized (this) {
                requested = true;
                subscription = call;
            }
            if (subscription != null) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            if (end()) {
                caller.onNext(value);
                caller.onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (end()) {
                caller.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (end()) {
                caller.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                cancelCall();
            }
        }

        @Override
        void expire(TimeoutException failure) {
            if (end()) {
                cancelCall();
                caller.onError(failure);
            }
        }

        private void cancelCall() {
            Subscription subscription;
            synchronized (this) {
                subscription = call;
            }
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }

    /** Timer in a wheel, which any thread may stop. */
    private static final class WheelTimer extends TimerWheel.Timer implements Disposable {

        private final TimerWheel wheel;

        private final Runnable expiry;

        private volatile boolean disposed;

        WheelTimer(TimerWheel wheel, Runnable expiry, Duration time) {
            this.wheel = wheel;
            this.expiry = expiry;
            long deadlineNanos = wheel.nowNanos() + time.toNanos();
            wheel.onExecutor(() -> schedule(deadlineNanos));
        }

        private void schedule(long deadlineNanos) {
            if (!disposed) {
                wheel.schedule(this, deadlineNanos);
            }
        }

        @Override
        public void dispose() {
            disposed = true;
            wheel.onExecutor(() -> wheel.cancel(this));
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }

        @Override
        public long fire(long nowNanos) {
            if (!disposed) {
                Boundary.run(Place.QUESTION, this, expiry);
            }
            return TimerWheel.NEVER;
        }

        @Override
        public void failed(Place place, Throwable failure) {
            Boundary.caught(place, this, failure);
        }

        @Override
        public String toString() {
            return "a client whose time limit expired";
        }
    }
}
