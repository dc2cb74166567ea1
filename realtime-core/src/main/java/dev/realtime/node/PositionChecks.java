package dev.realtime.node;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.channel.Namespaces;
import dev.realtime.hub.Hub;
import dev.realtime.spi.engine.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Last net against silent loss: compares the streams of channels that have been quiet for long with what their
 * subscribers have. One reading per channel and node serves all its subscribers.
 *
 * <p>Channels wait in one set, whatever the reason for their check, and are read in batches, one batch after the other,
 * so that neither a round over many channels nor a disturbance of the engine floods the engine. The top that was read
 * is compared a moment later, when publications counted in it have arrived: subscribers that are behind it by then have
 * lost something. The next batch does not wait for that.
 *
 * <p>Channels that could not be read are read again after {@link #RETRY_DELAY}, as long as they have positioned
 * subscribers.
 *
 * <p>Lock: the monitor of this object, for the set and the flag alone, never held across a call.
 */
final class PositionChecks {

    private static final Logger logger = LoggerFactory.getLogger(PositionChecks.class);

    /** Pause between two searches for quiet channels. */
    static final Duration ROUND = Duration.ofSeconds(2);

    /** Time for publications that are counted in the top but have not arrived yet. */
    private static final Duration ARRIVAL = Duration.ofSeconds(1);

    /** Pause before channels are read again that could not be read. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** Longest time for one batch: an engine that never replies must not end the checks. */
    private static final Duration BATCH_TIMEOUT = Duration.ofMinutes(1);

    /** Channels the engine is asked for in one call. */
    private static final int BATCH = 10_000;

    private final Hub hub;

    private final Namespaces namespaces;

    private final Broker broker;

    private final Scheduler scheduler;

    private final LongSupplier nanoTime;

    private final Duration quietFor;

    /** Channels to check, in the order of asking. Guarded by this. */
    private final Set<String> waiting = new LinkedHashSet<>();

    /** Whether a batch is being read. Guarded by this. */
    private boolean reading;

    /** Whether the last batch failed, which was logged. Written by the one reader. */
    private volatile boolean failing;

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

    /** Checks all channels that have been quiet, and were not checked, for long enough. */
    void checkQuiet() {
        List<String> quiet = new ArrayList<>();
        hub.takeQuiet(nanoTime.getAsLong() - quietFor.toNanos(), quiet::add);
        check(quiet);
    }

    /** Checks these channels as soon as the engine has replied for those that wait already. Called by any thread. */
    void check(Collection<String> channels) {
        synchronized (this) {
            waiting.addAll(channels);
            if (reading || waiting.isEmpty()) {
                return;
            }
            reading = true;
        }
        later(this::readBatch, Duration.ZERO);
    }

    private void readBatch() {
        List<String> batch = nextBatch();
        if (batch.isEmpty()) {
            return;
        }
        Set<String> unread = new LinkedHashSet<>(batch);
        try {
            Map<String, HistoryOptions> streams = streamsOf(unread);
            if (streams.isEmpty()) {
                read(unread, Map.of(), 0);
                return;
            }
            long began = nanoTime.getAsLong();
            Mono.defer(() -> broker.positions(streams))
                    .timeout(BATCH_TIMEOUT, scheduler)
                    .defaultIfEmpty(Map.of())
                    .subscribe(positions -> read(unread, positions, began), error -> failed(unread, error));
        } catch (Throwable e) {
            failed(unread, e);
        }
    }

    private synchronized List<String> nextBatch() {
        List<String> batch = new ArrayList<>(Math.min(BATCH, waiting.size()));
        Iterator<String> oldestFirst = waiting.iterator();
        while (batch.size() < BATCH && oldestFirst.hasNext()) {
            batch.add(oldestFirst.next());
            oldestFirst.remove();
        }
        reading = !batch.isEmpty();
        return batch;
    }

    /** Returns the streams to read; those of channels that need no check any more leave {@code channels}. */
    private Map<String, HistoryOptions> streamsOf(Set<String> channels) {
        Map<String, HistoryOptions> streams = new HashMap<>();
        channels.removeIf(name -> {
            if (!hub.hasPositionedSubscribers(name)) {
                return true;
            }
            Channel channel;
            try {
                channel = namespaces.find(name).orElse(null);
            } catch (Throwable e) {
                logger.debug("Channel '{}' has no options at the moment, its position will be compared later", name, e);
                return false;
            }
            if (channel == null || !channel.options().history().enabled()) {
                return true;
            }
            streams.put(name, channel.options().history());
            return false;
        });
        return streams;
    }

    private void read(Set<String> channels, Map<String, StreamPosition> positions, long began) {
        if (!positions.isEmpty()) {
            failing = false;
            later(() -> positions.forEach((name, top) -> hub.compare(name, top, began)), ARRIVAL);
        }
        channels.removeAll(positions.keySet());
        if (!channels.isEmpty()) {
            logger.debug("The positions of {} channels could not be compared and will be read again", channels.size());
            later(() -> check(channels), RETRY_DELAY);
        }
        later(this::readBatch, Duration.ZERO);
    }

    private void failed(Set<String> channels, Throwable error) {
        if (!failing) {
            failing = true;
            logger.warn(
                    "The positions of {} channels could not be compared with the engine; retrying every {}" + " s: {}",
                    channels.size(),
                    RETRY_DELAY.toSeconds(),
                    error.toString());
        }
        read(channels, Map.of(), 0);
    }

    private void later(Runnable work, Duration delay) {
        try {
            scheduler.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("Periodic position checks stopped: the node has stopped");
        }
    }
}
