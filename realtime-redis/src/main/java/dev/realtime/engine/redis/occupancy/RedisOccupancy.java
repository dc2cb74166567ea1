package dev.realtime.engine.redis.occupancy;

import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.OccupancyListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Channels that have subscribers on any of the nodes that share a Redis. Every node holds a lease in every partition;
 * its channels count as long as the lease lasts, and are taken from it by the others when it ended.
 *
 * <p>A change is reported when it happens, by one script. What could not be reported, or was lost by Redis, is not
 * queued: all channels of the partition are compared with what Redis has, in batches, as soon as Redis replies. A
 * change may then be reported twice or out of order, so after each report of a comparison the change is checked again:
 *
 * <pre>
 *   comparison  has "a" in its batch                 reports +a, checks: "a" is not occupied any more, reports -a
 *   vacate                               reports -a
 * </pre>
 *
 * <p>A node that was cut off does not know whether the others were too. So it takes no channels from others until it
 * has held its lease for a whole interval, in which those others renew theirs.
 */
public final class RedisOccupancy implements ChannelOccupancy {

    private static final Logger logger = LoggerFactory.getLogger(RedisOccupancy.class);

    /** Scripts in progress at the same time when leases are renewed. */
    private static final int CONCURRENCY = 16;

    /** Most changes in one script: Redis does nothing else meanwhile. */
    private static final int BATCH = 200;

    private static final byte[] FIRST_PAGE = "0".getBytes(StandardCharsets.US_ASCII);

    private final RedisKeys keys;

    private final RedisScripts redisScripts;

    private final Duration lease;

    private final List<OccupancyShare> shares;

    private final Disposable.Swap renewing = Disposables.swap();

    /** The renewal in progress, which must not continue once this node has left. */
    private final Disposable.Swap renewal = Disposables.swap();

    /** Whether leases are being renewed at this moment. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /** {@code null} without a listener: then nothing is counted. */
    private volatile @Nullable OccupancyListener listener;

    /** {@code null} before this node takes part, and when it does no more. */
    private volatile @Nullable OccupancyScripts scripts;

    /** @param lease how long the channels of a node that died count */
    public RedisOccupancy(RedisKeys keys, RedisScripts redisScripts, int partitions, Duration lease) {
        this.keys = keys;
        this.redisScripts = redisScripts;
        this.lease = lease;
        this.shares =
                IntStream.range(0, partitions).mapToObj(OccupancyShare::new).toList();
    }

    @Override
    public void start(OccupancyListener listener) {
        this.listener = listener;
    }

    /** Takes part from now on. */
    public void begin(String nodeId) {
        if (listener == null) {
            return;
        }
        scripts = new OccupancyScripts(keys, redisScripts, nodeId, lease);
        long tick = Math.max(1, lease.toMillis() / 12);
        renewing.update(scheduler().schedulePeriodically(this::tick, 0, tick, TimeUnit.MILLISECONDS));
    }

    private Scheduler scheduler() {
        return redisScripts.scheduler();
    }

    @Override
    public Mono<Void> occupy(String channel) {
        return changed(new OccupancyChange(channel, true));
    }

    @Override
    public Mono<Void> vacate(String channel) {
        return changed(new OccupancyChange(channel, false));
    }

    /** Completes without error: what could not be reported is reported later. */
    private Mono<Void> changed(OccupancyChange change) {
        return Mono.defer(() -> {
            OccupancyShare share = shares.get(keys.of(change.channel()).partition());
            share.put(change);
            OccupancyScripts begun = scripts;
            if (begun == null) {
                share.doubt();
                return Mono.empty();
            }
            return report(begun, share, List.of(change))
                    .onErrorResume(error -> {
                        logger.debug(
                                "A change of channel '{}' will be reported later: {}",
                                change.channel(),
                                error.toString());
                        return Mono.empty();
                    })
                    .then();
        });
    }

    /** Reports changes and notifies the listener of effective ones; a failure marks the partition for comparison. */
    private Mono<OccupancyScripts.Report> report(
            OccupancyScripts begun, OccupancyShare share, List<OccupancyChange> changes) {
        return Mono.defer(() -> {
            long expected = share.acknowledged();
            long number = changes.isEmpty() ? 0 : share.nextNumber(changes.size());
            return begun.report(share.partition, number, changes)
                    .doOnNext(report -> {
                        if (report.before() < expected) {
                            share.doubt();
                        }
                        if (!changes.isEmpty()) {
                            share.acknowledge(number);
                        }
                        report.effective().forEach(this::publish);
                    })
                    .doOnError(error -> share.doubt());
        });
    }

    private void publish(OccupancyChange change) {
        OccupancyListener notified = listener;
        if (notified == null) {
            return;
        }
        if (change.occupied()) {
            notified.onOccupied(change.channel());
        } else {
            notified.onVacated(change.channel());
        }
    }

    // ---- Leases

    private void tick() {
        OccupancyScripts begun = scripts;
        if (begun == null || !busy.compareAndSet(false, true)) {
            return;
        }
        long now = scheduler().now(TimeUnit.MILLISECONDS);
        renewal.update(Flux.fromIterable(shares)
                .filter(share -> share.isDue(now))
                .flatMapDelayError(share -> renew(begun, share, now), CONCURRENCY, 1)
                .doFinally(signal -> busy.set(false))
                .subscribe(
                        nothing -> {},
                        error -> logger.debug("Could not report all occupied channels: {}", error.toString())));
    }

    private Mono<Void> renew(OccupancyScripts begun, OccupancyShare share, long now) {
        return report(begun, share, List.of())
                .flatMap(report -> report.leased() && !report.lapsed().isEmpty()
                        ? end(begun.endLapsed(share.partition, report.lapsed())).thenReturn(0L)
                        : Mono.just(now + lease.toMillis() / 3))
                // There may be another node that ended: looked for at the next tick.
                .doOnNext(share::renewAt)
                .then(Mono.defer(() -> share.clearDoubt() ? compare(begun, share) : Mono.empty()));
    }

    /** Takes all channels from a node, and notifies the listener of those that are vacated by it. */
    private Mono<Void> end(Mono<OccupancyScripts.Ended> some) {
        return some.doOnNext(ended -> ended.vacated().forEach(channel -> publish(new OccupancyChange(channel, false))))
                .repeat()
                .takeUntil(ended -> !ended.more())
                .then();
    }

    // ---- Comparison

    private Mono<Void> compare(OccupancyScripts begun, OccupancyShare share) {
        return Flux.fromIterable(share.channels())
                .map(channel -> new OccupancyChange(channel, true))
                .buffer(BATCH)
                .concatMap(changes -> reportUntilTrue(begun, share, changes))
                .then(Mono.defer(() -> vacateOthers(begun, share, FIRST_PAGE)))
                .then(Mono.defer(() -> share.channels().isEmpty() ? settle(begun, share) : Mono.empty()))
                .doOnError(error -> share.doubt());
    }

    /**
     * Stores the number of the latest change in Redis, if no change of the comparison did: otherwise the comparison
     * would be repeated.
     */
    private static Mono<Void> settle(OccupancyScripts begun, OccupancyShare share) {
        return begun.report(share.partition, share.acknowledged(), List.of()).then();
    }

    /** Vacates what Redis has and this node has not. */
    private Mono<Void> vacateOthers(OccupancyScripts begun, OccupancyShare share, byte[] from) {
        return begun.page(share.partition, from).flatMap(page -> {
            List<OccupancyChange> others = page.channels().stream()
                    .filter(channel -> !share.has(channel))
                    .map(channel -> new OccupancyChange(channel, false))
                    .toList();
            byte[] next = page.next();
            return reportUntilTrue(begun, share, others)
                    .then(next == null ? Mono.empty() : vacateOthers(begun, share, next));
        });
    }

    /** Reports changes, and the contrary of those that are not true any more. */
    private Mono<Void> reportUntilTrue(OccupancyScripts begun, OccupancyShare share, List<OccupancyChange> changes) {
        if (changes.isEmpty()) {
            return Mono.empty();
        }
        return report(begun, share, changes).then(Mono.defer(() -> {
            List<OccupancyChange> contrary = new ArrayList<>();
            for (OccupancyChange change : changes) {
                if (share.has(change.channel()) != change.occupied()) {
                    contrary.add(new OccupancyChange(change.channel(), !change.occupied()));
                }
            }
            return reportUntilTrue(begun, share, contrary);
        }));
    }

    /**
     * Takes part no more, and gives up the channels of this node. Completes without error, also when Redis cannot be
     * reached.
     */
    public Mono<Void> leave() {
        return Mono.defer(() -> {
            renewing.update(Disposables.disposed());
            OccupancyScripts begun = scripts;
            scripts = null;
            renewal.update(Disposables.disposed());
            if (begun == null) {
                return Mono.empty();
            }
            return Flux.fromIterable(shares)
                    .flatMap(share -> end(begun.leave(share.partition)), CONCURRENCY)
                    .then()
                    .onErrorResume(error -> {
                        logger.debug("The channels of this node end with their leases: {}", error.toString());
                        return Mono.empty();
                    });
        });
    }
}
