package dev.realtime.node;

import dev.realtime.channel.Channel;
import dev.realtime.channel.Namespaces;
import dev.realtime.engine.Broker;
import dev.realtime.engine.HistoryQuery;
import dev.realtime.hub.Hub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Last net against silent loss: compares the stream of channels that have been quiet for long with what their subscribers
 * have. One reading per channel and node serves all its subscribers.
 *
 * <p>The top that was read is told to the subscribers a moment later, so that publications counted in it have arrived: whoever
 * has not got that far by then has lost something.
 */
final class PositionChecks {

    private static final Logger logger = LoggerFactory.getLogger(PositionChecks.class);

    /** Time for publications that are counted in the top already but still under way. */
    private static final Duration ARRIVAL = Duration.ofSeconds(1);

    /** Streams read at one time. */
    private static final int CONCURRENCY = 32;

    private final Hub hub;

    private final Namespaces namespaces;

    private final Broker broker;

    private final Scheduler scheduler;

    private final LongSupplier nanoTime;

    private final Duration quietFor;

    PositionChecks(
            Hub hub,
            Namespaces namespaces,
            Broker broker,
            Scheduler scheduler,
            LongSupplier nanoTime,
            Duration quietFor) {
        this.hub = hub;
        this.namespaces = namespaces;
        this.broker = broker;
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
        this.quietFor = quietFor;
    }

    /** Checks all channels that have been quiet for long enough; completes when all were. */
    Mono<Void> checkQuiet() {
        return Mono.defer(() -> {
            List<String> quiet = new ArrayList<>();
            hub.forEachQuiet(nanoTime.getAsLong() - quietFor.toNanos(), quiet::add);
            return check(quiet);
        });
    }

    /** Checks these channels now. */
    Mono<Void> check(Collection<String> channels) {
        return Flux.fromIterable(channels).flatMap(this::check, CONCURRENCY).then();
    }

    /** Whatever fails is tried again with the next check, and keeps no other channel from its own. */
    private Mono<Void> check(String name) {
        return Mono.defer(() -> compare(name)).onErrorResume(error -> {
            logger.debug("The position of channel '{}' could not be compared: {}", name, error.toString());
            return Mono.empty();
        });
    }

    private Mono<Void> compare(String name) {
        Channel channel = namespaces.find(name).orElse(null);
        if (channel == null || !channel.options().history().enabled() || !hub.hasPositionedSubscribers(name)) {
            return Mono.empty();
        }
        long began = nanoTime.getAsLong();
        return broker.history(name, HistoryQuery.POSITION, channel.options().history())
                .delayElement(ARRIVAL, scheduler)
                .doOnNext(read -> hub.compare(name, read.position(), began))
                .then();
    }
}
