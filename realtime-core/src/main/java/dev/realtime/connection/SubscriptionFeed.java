package dev.realtime.connection;

import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Feed of the application for one subscriber alone. The socket of the client sets the pace: {@link #BATCH} elements are
 * requested at a time, and more only while less than {@link #LOW_WATER_BYTES} wait to be sent, so that never more than
 * a batch is held here. Signals may come on any thread; the rest runs on the executor of the connection.
 *
 * <p>When the publisher completes, the subscription ends for good (2000). When it fails, the client is asked to
 * subscribe again (2502), unless a {@link ClientRefusedException} ends the connection.
 */
final class SubscriptionFeed implements CoreSubscriber<Payload> {

    static final int BATCH = 16;

    static final int LOW_WATER_BYTES = 16 * 1024;

    private static final long RETRY_MILLIS = 20;

    /** The subscriber. */
    interface Target extends FailureOwner {

        EventExecutor executor();

        /** Returns the bytes that wait to be sent to it. */
        long queuedBytes();

        void onData(Payload data);

        void onComplete();

        /** The publisher failed: the client must subscribe again. */
        void onFailure(Throwable failure);
    }

    private final Target target;

    /** Set once, by the thread that subscribes. */
    private volatile @Nullable Subscription source;

    /** Elements asked for and not arrived; touched on the executor. */
    private int outstanding;

    private boolean cancelled;

    /** The next check of the socket, while it takes nothing. */
    private @Nullable Future<?> retry;

    SubscriptionFeed(Target target) {
        this.target = target;
    }

    void begin(Publisher<Payload> publisher) {
        try {
            publisher.subscribe(this);
        } catch (Throwable failure) {
            onError(failure);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        onExecutor(this::ask);
    }

    @Override
    public void onNext(Payload data) {
        onExecutor(() -> deliver(data));
    }

    @Override
    public void onComplete() {
        onExecutor(() -> {
            if (!cancelled) {
                target.onComplete();
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        onExecutor(() -> failed(failure));
    }

    /** Called on the executor, when the subscription has ended for whatever reason. */
    void cancel() {
        cancelled = true;
        if (retry != null) {
            retry.cancel(false);
        }
        Subscription subscription = source;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void ask() {
        Subscription subscription = source;
        if (subscription == null) {
            return;
        }
        if (cancelled) {
            subscription.cancel();
        } else if (outstanding > 0) {
            return;
        } else if (target.queuedBytes() <= LOW_WATER_BYTES) {
            outstanding = BATCH;
            subscription.request(BATCH);
        } else {
            Runnable again = Boundary.ownedTask(Place.FEED, target, this::ask);
            retry = Boundary.schedule(target.executor(), again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void deliver(Payload data) {
        if (cancelled) {
            return;
        }
        outstanding--;
        target.onData(data);
        if (outstanding == 0 && !cancelled) {
            // Behind the flush of this turn, after which it shows what the socket takes.
            onExecutor(this::ask);
        }
    }

    private void failed(Throwable failure) {
        if (cancelled) {
            return;
        }
        target.onFailure(failure);
    }

    private void onExecutor(Runnable task) {
        if (!Boundary.execute(target.executor(), Boundary.ownedTask(Place.FEED, target, task))) {
            // The executor shut down, and the connection with it.
            Subscription subscription = source;
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
