package dev.realtime.failure;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Call that signals what is thrown while it is made or subscribed to. */
final class SignallingMono<T> extends Mono<T> {

    private final Supplier<Mono<T>> call;

    private final Runnable atEnd;

    SignallingMono(Supplier<Mono<T>> call, Runnable atEnd) {
        this.call = call;
        this.atEnd = atEnd;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        Relay<T> relay = new Relay<>(subscriber, atEnd);
        try {
            call.get().subscribe(relay);
        } catch (Throwable failure) {
            relay.thrown(failure);
        }
    }

    private static final class Relay<T> implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> subscriber;

        private final Runnable atEnd;

        private final AtomicBoolean ended = new AtomicBoolean();

        private @Nullable Subscription upstream;

        Relay(CoreSubscriber<? super T> subscriber, Runnable atEnd) {
            this.subscriber = subscriber;
            this.atEnd = atEnd;
        }

        void thrown(Throwable failure) {
            if (!ended.compareAndSet(false, true)) {
                // It comes from the subscriber, which had its last signal.
                throw Exceptions.propagate(failure);
            }
            try {
                if (upstream == null) {
                    Operators.error(subscriber, failure);
                } else {
                    upstream.cancel();
                    subscriber.onError(failure);
                }
            } finally {
                atEnd.run();
            }
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            subscriber.onSubscribe(this);
        }

        @Override
        public void onNext(T value) {
            if (!ended.get()) {
                subscriber.onNext(value);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (ended.compareAndSet(false, true)) {
                try {
                    subscriber.onError(failure);
                } finally {
                    atEnd.run();
                }
            }
        }

        @Override
        public void onComplete() {
            if (ended.compareAndSet(false, true)) {
                try {
                    subscriber.onComplete();
                } finally {
                    atEnd.run();
                }
            }
        }

        @Override
        public void request(long count) {
            Subscription subscription = upstream;
            if (subscription != null) {
                subscription.request(count);
            }
        }

        @Override
        public void cancel() {
            Subscription subscription = upstream;
            if (subscription != null && ended.compareAndSet(false, true)) {
                try {
                    subscription.cancel();
                } finally {
                    atEnd.run();
                }
            }
        }
    }
}
