package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.LimitedLog;
import dev.realtime.failure.Place;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.spi.hook.CacheHook;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Caches that clients found empty, and that the application fills. Of one channel at most one call is in progress on
 * this node; clients that find the cache empty meanwhile wait for the same call. Whether it is still empty is read
 * again before the call, for a client that read just before a call that has ended, and before its result is published,
 * so that state that was read earlier does not replace a newer publication.
 *
 * <p>Called by any thread. No locks.
 */
public final class EmptyCaches {

    private static final Logger logger = LoggerFactory.getLogger(EmptyCaches.class);

    private final ApplicationCalls calls;

    private final ChannelOperations operations;

    private final LimitedLog log;

    /** By name of the channel; each completes when the call has ended, however it did. */
    private final ConcurrentMap<String, Sinks.Empty<Void>> inProgress = new ConcurrentHashMap<>();

    public EmptyCaches(ApplicationCalls calls, ChannelOperations operations, LimitedLog log) {
        this.calls = calls;
        this.operations = operations;
        this.log = log;
    }

    /** Returns whether the application fills caches. */
    boolean areFilled() {
        return calls.callbacks().hooks().cache() != null;
    }

    /** Completes, never with an error, when the application has filled the cache of a channel or could not. */
    Mono<Void> fill(Channel channel) {
        return Mono.defer(() -> {
            CacheHook hook = calls.callbacks().hooks().cache();
            if (hook == null) {
                return Mono.empty();
            }
            Sinks.Empty<Void> next = Sinks.empty();
            Sinks.Empty<Void> current = inProgress.putIfAbsent(channel.name(), next);
            if (current != null) {
                return current.asMono();
            }
            Boundary.signalling(() -> filled(hook, channel), () -> ended(channel, next))
                    .subscribe(nothing -> {}, failure -> failed(channel, failure));
            return next.asMono();
        });
    }

    private Mono<Void> filled(CacheHook hook, Channel channel) {
        return whileEmpty(channel, () -> calls.call(hook, () -> hook.cacheEmpty(channel)))
                .flatMap(state ->
                        whileEmpty(channel, () -> operations.publish(channel.name(), state.data(), state.options())))
                .then();
    }

    private <T> Mono<T> whileEmpty(Channel channel, Supplier<Mono<T>> action) {
        return operations
                .history(channel, HistoryQuery.latest(1))
                .flatMap(read -> read.publications().isEmpty() ? action.get() : Mono.empty());
    }

    private void ended(Channel channel, Sinks.Empty<Void> call) {
        inProgress.remove(channel.name(), call);
        call.tryEmitEmpty();
    }

    private void failed(Channel channel, Throwable failure) {
        if (failure instanceof Error) {
            Boundary.caught(Place.QUESTION, channel.name(), failure);
        } else {
            log.warn(
                    logger,
                    "The cache of channel '{}' stays empty, because the callback to fill it failed; clients are"
                            + " subscribed without a publication: {}",
                    channel.name(),
                    failure.toString());
        }
    }
}
