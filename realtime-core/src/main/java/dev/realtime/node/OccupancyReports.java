package dev.realtime.node;

import dev.realtime.engine.ChannelOccupancy;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Tells the engine which channels have subscribers on this node. The truth is the hub: whenever a channel may have changed, or
 * a report of it ended, what was reported last is compared with it, so that reports of one channel never overlap and the
 * last one is right.
 *
 * <p>Lock: the monitor of one channel's report; nothing is called under it but the question to the hub, which takes no lock.
 */
final class OccupancyReports {

    private final Map<String, Report> reports = new ConcurrentHashMap<>();

    private final ChannelOccupancy occupancy;

    private final Predicate<String> hasSubscribers;

    OccupancyReports(ChannelOccupancy occupancy, Predicate<String> hasSubscribers) {
        this.occupancy = occupancy;
        this.hasSubscribers = hasSubscribers;
    }

    private static final class Report {

        /** What the engine was told last; guarded by the report. */
        private boolean occupied;

        /** Whether the engine is being told; guarded by the report. */
        private boolean underWay;

        /** Forgotten; whoever still holds it must look for another. Guarded by the report. */
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
            if (occupied == report.occupied) {
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
                failure -> told(channel, report, occupied));
    }

    private void told(String channel, Report report, boolean occupied) {
        synchronized (report) {
            report.underWay = false;
            report.occupied = occupied;
        }
        changed(channel);
    }
}
