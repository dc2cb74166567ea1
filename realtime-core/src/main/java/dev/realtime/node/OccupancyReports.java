package dev.realtime.node;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.engine.ChannelOccupancy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Reports to the engine which channels have subscribers on this node. The truth is the hub: whenever a channel may have
 * changed, or a report of it ended, what was reported last is compared with it, so that reports of one channel never
 * overlap and the last one is right. A report that fails is repeated after {@link #RETRY_DELAY}, as the channel is
 * then.
 *
 * <p>Lock: the monitor of one channel's report; nothing is called under it but the question to the hub, which takes no
 * lock.
 */
final class OccupancyReports {

    /** Pause before a report that failed is repeated. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final Map<String, Report> reports = new ConcurrentHashMap<>();

    private final ChannelOccupancy occupancy;

    private final Predicate<String> hasSubscribers;

    private final Scheduler scheduler;

    /** @param scheduler tries failed reports again */
    OccupancyReports(ChannelOccupancy occupancy, Predicate<String> hasSubscribers, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.occupancy = occupancy;
        this.hasSubscribers = hasSubscribers;
    }

    private static final class Report {

        /** What was reported to the engine last; guarded by the report. */
        private boolean occupied;

        /** Whether the last report failed, so that what the engine knows is not known here; guarded by the report. */
        private boolean unknown;

        /** Whether a report is in progress; guarded by the report. */
        private boolean underWay;

        /** Forgotten; a thread that still holds it must look for another. Guarded by the report. */
        private boolean gone;
    }

    /** The channel may have got its first or lost its last subscriber. */
    void changed(String channel) {
        Report report;
        do {
            report = reports.computeIfAbsent(channel, name -> new Report());
        } while (!compare(channel, report));
    }

    /** @return false if the report is forgotten */
    private boolean compare(String channel, Report report) {
        boolean occupied;
        synchronized (report) {
            if (report.gone) {
                return false;
            }
            if (report.underWay) {
                return true;
            }
            occupied = hasSubscribers.test(channel);
            if (occupied == report.occupied && !report.unknown) {
                if (!occupied) {
                    report.gone = true;
                    reports.remove(channel, report);
                }
                return true;
            }
            report.underWay = true;
        }
        tell(channel, report, occupied);
        return true;
    }

    private void tell(String channel, Report report, boolean occupied) {
        Boundary.call(
                Place.OCCUPANCY,
                channel,
                () -> occupied ? occupancy.occupy(channel) : occupancy.vacate(channel),
                failure -> told(channel, report, occupied, failure));
    }

    private void told(String channel, Report report, boolean occupied, @Nullable Throwable failure) {
        synchronized (report) {
            report.underWay = false;
            report.occupied = occupied;
            report.unknown = failure != null;
        }
        if (failure == null) {
            changed(channel);
        } else {
            tryAgainLater(channel);
        }
    }

    private void tryAgainLater(String channel) {
        try {
            scheduler.schedule(
                    Boundary.task(Place.OCCUPANCY, channel, () -> changed(channel)),
                    RETRY_DELAY.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node has stopped, and with it all its subscriptions.
        }
    }
}
