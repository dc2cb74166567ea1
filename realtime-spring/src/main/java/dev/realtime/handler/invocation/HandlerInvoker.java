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
 * Invocation of handler methods: within their bulkhead, on the right thread, as the user of the client, with failures
 * mapped to errors and disconnects for the client.
 */
public final class HandlerInvoker {

    private static final Logger logger = LoggerFactory.getLogger(HandlerInvoker.class);

    private final Executor executor;

    private final Duration timeout;

    private final CallerIdentity identity;

    private final HandlerObserver observer;

    private final boolean detailed;

    /**
     * @param executor threads for methods that may block; the bulkheads limit the number of tasks
     * @param timeout time limit of notifications; other calls have the limit of their caller, unless the method has its
     *     own
     * @param detailed whether errors for clients describe what was wrong with their data
     */
    public HandlerInvoker(
            Executor executor, Duration timeout, CallerIdentity identity, HandlerObserver observer, boolean detailed) {
        this.executor = executor;
        this.timeout = timeout;
        this.identity = identity;
        this.observer = observer;
        this.detailed = detailed;
    }

    /** Returns the result of a call; empty if the method has none. Errors are {@link ClientRefusedException}. */
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
            case BLOCKING -> BlockingCall.on(executor, cancelled -> blocking(method, call, cancelled), ended);
            case SINGLE -> reactive(method, call, single(method.code(), call), ended);
            case FEED -> reactive(method, call, feed(method.code(), call), ended);
        };
    }

    private @Nullable Object blocking(HandlerMethod method, HandlerCall call, BooleanSupplier cancelled) {
        try {
            return identity.invoke(method.code(), call);
        } catch (Throwable thrown) {
            Throwable failure = HandlerFailure.unwrapped(thrown);
            ExceptionMethod handler = cancelled.getAsBoolean() ? null : handler(method, failure);
            if (handler == null) {
                throw thrown;
            }
            HandlerCall failed = call.failed(method.method(), failure);
            // This thread may block, and is interrupted at the time limit of the call.
            Object result = handler.code().result().style() == Style.BLOCKING
                    ? identity.invoke(handler.code(), failed)
                    : single(handler.code(), failed).block();
            return handler.reply(result, failure);
        }
    }

    private Mono<Object> reactive(HandlerMethod method, HandlerCall call, Mono<Object> result, Runnable ended) {
        // The method and a blocking exception handler, whose thread may continue after the call was cancelled.
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
                    executor, cancelled -> handler.reply(identity.invoke(handler.code(), call), failure), ended);
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
                throw new IllegalStateException("the method returned null instead of a Mono, Flux or CompletionStage");
            }
            return result instanceof Publisher<?> publisher
                    ? publisher
                    : adapter(method).toPublisher(result);
        } catch (Error failure) {
            throw HandlerFailure.signallable(failure);
        }
    }

    private static ReactiveAdapter adapter(BeanMethod method) {
        return Objects.requireNonNull(method.result().adapter(), "A method with a reactive result has an adapter.");
    }

    private Mono<Object> counted(HandlerMethod method, HandlerCall call, Mono<Object> result) {
        return Mono.deferContextual(context -> {
            Count count = new Count(method, observer.begin(method, call, context));
            return result.onErrorMap(failure -> refusal(method, call, failure, count))
                    .doOnSuccess(value -> count.end(HandlerOutcome.SUCCESS, null))
                    .doOnCancel(() -> cancelled(method, call, count))
                    .contextWrite(count.observed::in);
        });
    }

    /**
     * End of one call, recorded once. A caller that has taken the result may cancel the remainder; that is no timeout.
     */
    private static final class Count {

        private final HandlerMethod method;

        private final HandlerObserver.Observed observed;

        private final long startedAt = System.nanoTime();

        private final AtomicBoolean ended = new AtomicBoolean();

        Count(HandlerMethod method, HandlerObserver.Observed observed) {
            this.method = method;
            this.observed = observed;
        }

        /** Returns whether this ended the call. */
        boolean end(HandlerOutcome outcome, @Nullable Throwable failure) {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            method.statistics().ended(outcome, System.nanoTime() - startedAt);
            observed.ended(outcome, failure);
            return true;
        }
    }

    private static void cancelled(HandlerMethod method, HandlerCall call, Count count) {
        if (count.end(HandlerOutcome.TIMEOUT, null)) {
            logger.warn(
                    "Handler method {} timed out for {}: it took longer than {} allows",
                    method,
                    describe(call),
                    method.timeout() == null ? "realtime.client.handler-timeout" : "its @HandlerLimits");
        }
    }

    private ClientRefusedException refusal(HandlerMethod method, HandlerCall call, Throwable failure, Count count) {
        HandlerFailure mapped = HandlerFailure.of(failure, detailed);
        count.end(mapped.outcome(), HandlerFailure.unwrapped(failure));
        String caller = describe(call);
        switch (mapped.outcome()) {
            case REFUSED -> logger.debug("Handler method {} refused {}: {}", method, caller, mapped.reason());
            case REJECTED, TIMEOUT ->
                logger.warn("Handler method {} did not complete for {}: {}", method, caller, mapped.reason());
            default -> logger.error("Handler method {} failed for {}", method, caller, failure);
        }
        return mapped.refusal();
    }

    private static String describe(HandlerCall call) {
        String channel =
                call.channel() == null ? "" : " in channel '" + call.channel().name() + "'";
        if (call.client().clientId().isEmpty() && call.channel() != null) {
            return "the cache of channel '" + call.channel().name() + "'";
        }
        return "client " + call.client().clientId() + " of user '"
                + call.client().userId() + "'" + channel;
    }
}
