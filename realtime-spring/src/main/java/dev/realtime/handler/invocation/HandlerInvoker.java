package dev.realtime.handler.invocation;

import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.connection.CallbackDeadline;
import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.argument.HandlerCall;
import dev.realtime.handler.declaration.HandlerResult.Style;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Calls handler methods: within their bulkhead, on the right thread, as the right user, and with what they throw turned
 * into the reply to the client.
 */
public final class HandlerInvoker {

    private static final Logger logger = LoggerFactory.getLogger(HandlerInvoker.class);

    private final Executor executor;

    private final Duration timeout;

    private final CallerIdentity identity;

    private final HandlerObserver observer;

    private final boolean detailed;

    /**
     * @param executor threads for methods that may block; the bulkheads bound how many it needs
     * @param timeout of calls without a waiting caller; the others have the limit of their caller. Methods with a limit
     *     of their own have that
     * @param detailed whether clients learn what was wrong with what they sent
     */
    public HandlerInvoker(
            Executor executor, Duration timeout, CallerIdentity identity, HandlerObserver observer, boolean detailed) {
        this.executor = executor;
        this.timeout = timeout;
        this.identity = identity;
        this.observer = observer;
        this.detailed = detailed;
    }

    /** Result of a call; empty if the method has none. Errors are {@link ClientRefusedException}. */
    public Mono<Object> call(HandlerMethod method, HandlerCall call) {
        Mono<Object> result = method.bulkhead().run(ended -> work(method, call, ended));
        Duration own = method.timeout();
        return counted(method, call, own == null ? result : limited(result, own));
    }

    /** Replaces the limit of the caller, which may be shorter. */
    private static Mono<Object> limited(Mono<Object> result, Duration time) {
        return Mono.deferContextual(context -> {
            CallbackDeadline deadline = CallbackDeadline.of(context);
            if (deadline == null) {
                return CallbackDeadline.limit(result, time, Schedulers.parallel());
            }
            deadline.replace(time);
            return result;
        });
    }

    /** Calls a method that is notified of something. */
    public void notify(HandlerMethod method, HandlerCall call) {
        Mono<Object> limited = method.bulkhead()
                .run(ended -> CallbackDeadline.limit(
                        work(method, call, ended),
                        method.timeout() == null ? timeout : method.timeout(),
                        Schedulers.parallel()));
        counted(method, call, limited).subscribe(nothing -> {}, refused -> {});
    }

    private Mono<Object> work(HandlerMethod method, HandlerCall call, Runnable ended) {
        return switch (method.style()) {
            case BLOCKING -> BlockingCall.on(executor, givenUp -> blocking(method, call, givenUp), ended);
            case SINGLE -> reactive(method, call, single(method.code(), call), ended);
            case FEED -> reactive(method, call, feed(method.code(), call), ended);
        };
    }

    private @Nullable Object blocking(HandlerMethod method, HandlerCall call, BooleanSupplier givenUp) {
        try {
            return identity.invoke(method.code(), call);
        } catch (Throwable thrown) {
            Throwable failure = HandlerFailure.unwrapped(thrown);
            ExceptionMethod handler = givenUp.getAsBoolean() ? null : handler(method, failure);
            if (handler == null) {
                throw thrown;
            }
            HandlerCall failed = call.failed(method.method(), failure);
            // This thread may block, and is interrupted when the time of the call is over.
            Object result = handler.code().result().style() == Style.BLOCKING
                    ? identity.invoke(handler.code(), failed)
                    : single(handler.code(), failed).block();
            return handler.reply(result, failure);
        }
    }

    private Mono<Object> reactive(HandlerMethod method, HandlerCall call, Mono<Object> result, Runnable ended) {
        // The method itself, and a blocking exception handler, whose thread may continue after the call was cancelled.
        AtomicInteger open = new AtomicInteger(1);
        Runnable close = () -> {
            if (open.decrementAndGet() == 0) {
                ended.run();
            }
        };
        return result.onErrorResume(thrown -> {
                    Throwable failure = HandlerFailure.unwrapped(thrown);
                    ExceptionMethod handler = handler(method, failure);
                    if (handler == null) {
                        return Mono.error(thrown);
                    }
                    open.incrementAndGet();
                    return handled(handler, call.failed(method.method(), failure), failure, close);
                })
                .doFinally(signal -> close.run());
    }

    private static @Nullable ExceptionMethod handler(HandlerMethod method, Throwable failure) {
        ExceptionMethod handler = method.exceptions().find(failure);
        if (handler != null) {
            logger.debug("Exception handler {} is called for a failure of {}", handler.code(), method, failure);
        }
        return handler;
    }

    private Mono<Object> handled(ExceptionMethod handler, HandlerCall call, Throwable failure, Runnable ended) {
        if (handler.code().result().style() == Style.BLOCKING) {
            return BlockingCall.on(
                    executor, givenUp -> handler.reply(identity.invoke(handler.code(), call), failure), ended);
        }
        return single(handler.code(), call)
                .mapNotNull(result -> handler.reply(result, failure))
                .switchIfEmpty(Mono.fromCallable(() -> handler.reply(null, failure)))
                .doFinally(signal -> ended.run());
    }

    private Mono<Object> single(BeanMethod method, HandlerCall call) {
        return identity.identified(
                call, Mono.defer(() -> Mono.from(publisher(method, call)).cast(Object.class)));
    }

    private Mono<Object> feed(BeanMethod method, HandlerCall call) {
        return Mono.defer(() -> permitsFeed(method, call))
                .then(Mono.fromCallable(
                        () -> SubscribeReply.allow().withFeed(identity.identified(call, publisher(method, call)))));
    }

    private Mono<Void> permitsFeed(BeanMethod method, HandlerCall call) {
        try {
            return identity.permitsFeed(method, call);
        } catch (Error failure) {
            throw HandlerFailure.signallable(failure);
        }
    }

    private Publisher<?> publisher(BeanMethod method, HandlerCall call) {
        try {
            Object result = identity.invoke(method, call);
            if (result == null) {
                throw new IllegalStateException("it returned null instead of a Mono, Flux or CompletionStage");
            }
            return result instanceof Publisher<?> publisher
                    ? publisher
                    : adapter(method).toPublisher(result);
        } catch (Error failure) {
            throw HandlerFailure.signallable(failure);
        }
    }

    private static ReactiveAdapter adapter(BeanMethod method) {
        return Objects.requireNonNull(
                method.result().adapter(), "a method that returns something reactive has an adapter");
    }

    private Mono<Object> counted(HandlerMethod method, HandlerCall call, Mono<Object> result) {
        return Mono.deferContextual(context -> {
            Count count = new Count(method, observer.begin(method, call, context));
            return result.onErrorMap(failure -> refusal(method, call, failure, count))
                    .doOnSuccess(value -> count.end(HandlerOutcome.SUCCESS, null))
                    .doOnCancel(() -> givenUp(method, call, count))
                    .contextWrite(count.observed::in);
        });
    }

    /**
     * The end of one call. The caller may cancel the call after it has taken the result, which is not a cancellation.
     */
    private static final class Count {

        private final HandlerMethod method;

        private final HandlerObserver.Observed observed;

        private final long begun = System.nanoTime();

        private final AtomicBoolean ended = new AtomicBoolean();

        Count(HandlerMethod method, HandlerObserver.Observed observed) {
            this.method = method;
            this.observed = observed;
        }

        /** Returns whether the call has ended by this. */
        boolean end(HandlerOutcome outcome, @Nullable Throwable failure) {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            method.statistics().ended(outcome, System.nanoTime() - begun);
            observed.ended(outcome, failure);
            return true;
        }
    }

    private static void givenUp(HandlerMethod method, HandlerCall call, Count count) {
        if (count.end(HandlerOutcome.TIMEOUT, null)) {
            logger.warn(
                    "Handler method {} was given up for {}: it took longer than {} allows",
                    method,
                    who(call),
                    method.timeout() == null ? "realtime.client.handler-timeout" : "its @HandlerLimits");
        }
    }

    private ClientRefusedException refusal(HandlerMethod method, HandlerCall call, Throwable failure, Count count) {
        HandlerFailure mapped = HandlerFailure.of(failure, detailed);
        count.end(mapped.outcome(), HandlerFailure.unwrapped(failure));
        String who = who(call);
        switch (mapped.outcome()) {
            case REFUSED -> logger.debug("Handler method {} refused {}: {}", method, who, mapped.reason());
            case REJECTED, TIMEOUT ->
                logger.warn("Handler method {} was not called to its end for {}: {}", method, who, mapped.reason());
            default -> logger.error("Handler method {} failed for {}", method, who, failure);
        }
        return mapped.refusal();
    }

    private static String who(HandlerCall call) {
        String channel =
                call.channel() == null ? "" : " in channel '" + call.channel().name() + "'";
        return "client " + call.client().clientId() + " of user '"
                + call.client().userId() + "'" + channel;
    }
}
