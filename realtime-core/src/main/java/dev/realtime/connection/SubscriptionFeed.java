package dev.realtime.connection;

import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Push;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger logger = LoggerFactory.getLogger(SubscriptionFeed.class);

    private final ClientConnection connection;

    private final ChannelSubscription target;

    /** Set once, by the thread that subscribes. */
    private volatile @Nullable Subscription source;

    /** Elements asked for and not arrived; touched on the executor. */
    private int outstanding;

    private boolean cancelled;

    /** The next check of the socket, while it takes nothing. */
    private @Nullable Future<?> retry;

    SubscriptionFeed(ClientConnection connection, ChannelSubscription target) {
        this.connection = connection;
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
                connection.unsubscribe(target, Unsubscribe.SERVER);
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
        } else if (connection.transport().queuedBytes() <= LOW_WATER_BYTES) {
            outstanding = BATCH;
            subscription.request(BATCH);
        } else {
            Runnable again = Boundary.ownedTask(Place.FEED, target, this::ask);
            retry = Boundary.schedule(executor(), again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void deliver(Payload data) {
        if (cancelled) {
            return;
        }
        outstanding--;
        String channel = target.channel().name();
        if (connection.push(new Push.Pub(channel, new Publication(data, null, 0, Map.of())))) {
            target.statistics().deliveredOne();
        }
        if (outstanding == 0 && !cancelled) {
            // Behind the flush of this turn, after which it shows what the socket takes.
            onExecutor(this::ask);
        }
    }

    private void failed(Throwable failure) {
        if (cancelled) {
            return;
        }
        if (failure instanceof ClientRefusedException refused && refused.disconnect() != null) {
            connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
            return;
        }
        if (failure instanceof Error) {
            Boundary.caught(Place.FEED, target, failure);
        } else {
            connection
                    .context()
                    .log()
                    .warn(
                            logger,
                            "What the application publishes to client {} in channel '{}' failed, it has"
                                    + " to subscribe again: {}",
                            connection.clientId(),
                            target.channel().name(),
                            failure.toString());
        }
        if (target.serverSide()) {
            connection.close(Disconnect.STATE_INVALIDATED, "its feed failed");
        } else {
            connection.unsubscribe(target, Unsubscribe.STATE_INVALIDATED);
        }
    }

    private void onExecutor(Runnable task) {
        if (!Boundary.execute(executor(), Boundary.ownedTask(Place.FEED, target, task))) {
            // The executor shut down, and the connection with it.
            Subscription subscription = source;
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }

    private EventExecutor executor() {
        return connection.transport().executor();
    }
}
