package dev.realtime.handler;

import dev.realtime.auth.Refused;
import dev.realtime.handler.HandlerStatistics.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Mono;

/**
 * Calls handler methods: within their bulkhead, on the right thread, as the right user, and with what they throw turned into
 * what the client is told.
 */
final class HandlerInvoker {

    private static final Logger logger = LoggerFactory.getLogger(HandlerInvoker.class);

    private final Executor executor;

    private final Duration timeout;

    private final CallerIdentity identity;

    private final boolean detailed;

    /**
     * @param executor threads for methods that may block; the bulkheads bound how many it needs
     * @param timeout of calls that nobody waits for; the others have the limit of whoever waits
     * @param detailed whether clients learn what was wrong with what they sent
     */
    HandlerInvoker(Executor executor, Duration timeout, CallerIdentity identity, boolean detailed) {
        this.executor = executor;
        this.timeout = timeout;
        this.identity = identity;
        this.detailed = detailed;
    }

    /** Result of a call; empty if the method has none. Errors are {@link Refused}. */
    Mono<Object> call(HandlerMethod method, HandlerCall call) {
        return counted(method, call, method.bulkhead().run(ended -> work(method, call, ended)));
    }

    /** Calls a method that is notified of something. */
    void notify(HandlerMethod method, HandlerCall call) {
        counted(
                        method,
                        call,
                        method.bulkhead().run(ended -> work(method, call, ended).timeout(timeout)))
                .subscribe(nothing -> {}, refused -> {});
    }

    private Mono<Object> work(HandlerMethod method, HandlerCall call, Runnable ended) {
        return switch (method.result().style()) {
            case BLOCKING -> BlockingCall.on(executor, () -> identity.invoke(method, call), ended);
            case SINGLE ->
                identity.identified(
                                call,
                                Mono.defer(
                                        () -> Mono.from(publisher(method, call)).cast(Object.class)))
                        .doFinally(signal -> ended.run());
            case FEED -> feed(method, call).doFinally(signal -> ended.run());
        };
    }

    private Mono<Object> feed(HandlerMethod method, HandlerCall call) {
        return identity.permitsFeed(method, call)
                .then(Mono.fromCallable(
                        () -> SubscribeReply.allow().withFeed(identity.identified(call, publisher(method, call)))));
    }

    private Publisher<?> publisher(HandlerMethod method, HandlerCall call) {
        Object result = identity.invoke(method, call);
        if (result == null) {
            throw new IllegalStateException("it returned null instead of a Mono, Flux or CompletionStage");
        }
        return result instanceof Publisher<?> publisher
                ? publisher
                : adapter(method).toPublisher(result);
    }

    private static ReactiveAdapter adapter(HandlerMethod method) {
        return Objects.requireNonNull(
                method.result().adapter(), "a method that returns something reactive has an adapter");
    }

    private Mono<Object> counted(HandlerMethod method, HandlerCall call, Mono<Object> result) {
        return Mono.defer(() -> {
            long begun = System.nanoTime();
            AtomicBoolean counted = new AtomicBoolean();
            Consumer<Outcome> count = outcome -> {
                // Whoever takes the result may give up what is left of the call, which is not giving up the call.
                if (counted.compareAndSet(false, true)) {
                    method.statistics().ended(outcome, System.nanoTime() - begun);
                }
            };
            return result.onErrorMap(failure -> refusal(method, call, failure, count))
                    .doOnSuccess(value -> count.accept(Outcome.SUCCESS))
                    .doOnCancel(() -> givenUp(method, call, counted, count));
        });
    }

    private static void givenUp(
            HandlerMethod method, HandlerCall call, AtomicBoolean counted, Consumer<Outcome> count) {
        if (!counted.get()) {
            count.accept(Outcome.TIMEOUT);
            logger.warn(
                    "Handler method {} was given up for {}: it took longer than realtime.client.handler-timeout allows",
                    method,
                    who(call));
        }
    }

    private Refused refusal(HandlerMethod method, HandlerCall call, Throwable failure, Consumer<Outcome> count) {
        HandlerFailure mapped = HandlerFailure.of(failure, detailed);
        count.accept(mapped.outcome());
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
