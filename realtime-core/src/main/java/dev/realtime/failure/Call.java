package dev.realtime.failure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Call whose result is only passed to the function that runs at its end. */
final class Call implements CoreSubscriber<Object> {

    private final Place place;

    private final Object subject;

    private final Consumer<@Nullable Throwable> atEnd;

    private final AtomicBoolean ended = new AtomicBoolean();

    Call(Place place, Object subject, Consumer<@Nullable Throwable> atEnd) {
        this.place = place;
        this.subject = subject;
        this.atEnd = atEnd;
    }

    void start(Supplier<? extends Mono<?>> call) {
        try {
            call.get().subscribe(this);
        } catch (Throwable failure) {
            Boundary.caught(place, subject, failure);
            end(failure);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {}

    @Override
    public void onError(Throwable failure) {
        Boundary.reported(place, subject, failure);
        end(failure);
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            atEnd.accept(failure);
        } catch (Throwable another) {
            Boundary.caught(place, subject, another);
        }
    }
}
