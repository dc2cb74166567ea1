package dev.realtime.engine.redis.loss;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.loss.Journal.Entry;
import dev.realtime.engine.redis.loss.Sighting.Begun;
import dev.realtime.engine.redis.loss.Sighting.Delivered;
import dev.realtime.engine.redis.loss.Sighting.Ended;
import dev.realtime.engine.redis.loss.Sighting.Recovered;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what subscribers saw with the results of publishers, for channels with history.
 *
 * <p>A subscriber begins at the position it received when it subscribed without recovery. From there each offset must
 * be one more than the last, and everything acknowledged must arrive, unchanged and at the offset that the publisher
 * received. The only excuse is a new beginning: it makes good for everything that was published before it and was not
 * delivered. A reply that everything was recovered excuses nothing.
 *
 * <p>A publication whose publisher got an error may have happened or not. If it happened, it has an offset and must
 * arrive like any other, once. With an idempotency key it may be published again; then it happens twice at most where
 * Redis lost the first one, which is another beginning.
 */
public final class LossChecker {

    private LossChecker() {}

    /** Compares the journal with logs of channels in it. Publishers and subscribers must have come to rest. */
    public static Verdict check(Journal journal, Collection<SubscriberLog> logs) {
        Verdict verdict = new Verdict();
        for (SubscriberLog log : logs) {
            new OneLog(journal, log, verdict).check();
        }
        return verdict;
    }

    /** Whether the subscriber has all it is owed so far. */
    public static boolean isComplete(Journal journal, SubscriberLog log) {
        Verdict verdict = new Verdict();
        new OneLog(journal, log, verdict).check();
        return verdict.count(Violation.LOST) == 0;
    }

    private static final class OneLog {

        private final Journal journal;

        private final SubscriberLog log;

        private final Verdict verdict;

        private final List<Begun> beginnings = new ArrayList<>();

        private final Set<String> everSeen = new HashSet<>();

        private final Set<String> seenSinceBeginning = new HashSet<>();

        private long offset;

        OneLog(Journal journal, SubscriberLog log, Verdict verdict) {
            this.journal = journal;
            this.log = log;
            this.verdict = verdict;
        }

        void check() {
            for (Sighting sighting : log.sightings()) {
                if (sighting instanceof Begun begun) {
                    begin(begun);
                } else if (sighting instanceof Recovered recovered) {
                    recover(recovered);
                } else if (sighting instanceof Delivered delivered) {
                    deliver(delivered);
                } else if (sighting instanceof Ended) {
                    verdict.countEnded();
                }
            }
            for (Entry entry : journal.acknowledged(log.channel())) {
                if (!everSeen.contains(entry.data) && isOwed(entry)) {
                    verdict.add(Violation.LOST, log + ": " + entry);
                }
            }
        }

        private void begin(Begun begun) {
            if (!beginnings.isEmpty()) {
                verdict.countNotified();
            }
            beginnings.add(begun);
            seenSinceBeginning.clear();
            offset = begun.position().offset();
        }

        private void recover(Recovered recovered) {
            if (recovered.since().offset() != offset) {
                verdict.add(
                        Violation.GAP,
                        log + ": recovered since " + recovered.since() + ", though it was at offset " + offset);
            }
        }

        private void deliver(Delivered delivered) {
            verdict.countDelivered();
            checkData(delivered);
            everSeen.add(delivered.data());
            boolean isNew = seenSinceBeginning.add(delivered.data());
            if (!isNew) {
                verdict.add(Violation.DUPLICATED, log + ": " + delivered + " at offset " + offset);
            } else if (delivered.offset() <= offset) {
                verdict.add(Violation.REORDERED, log + ": " + delivered + " at offset " + offset);
            } else if (delivered.offset() > offset + 1) {
                verdict.add(Violation.GAP, log + ": " + delivered + " at offset " + offset);
            }
            offset = Math.max(offset, delivered.offset());
        }

        private void checkData(Delivered delivered) {
            Entry entry = journal.find(log.channel(), delivered.data());
            if (entry == null) {
                verdict.add(Violation.ALTERED, log + ": without a publish: " + delivered);
                return;
            }
            StreamPosition acknowledged = entry.acknowledged;
            if (acknowledged != null
                    && acknowledged.offset() != delivered.offset()
                    && !isFirstOfTwo(entry, delivered)) {
                verdict.add(Violation.ALTERED, log + ": " + delivered + " was published as " + entry);
            }
        }

        /** Published, lost by Redis, and published again: subscribers that saw the first one have to start over. */
        private boolean isFirstOfTwo(Entry entry, Delivered delivered) {
            return entry.attempts > 1
                    && log.sightings().stream()
                            .anyMatch(later -> later instanceof Begun && later.atNanos() > delivered.atNanos());
        }

        /** Acknowledged and never seen: whether no beginning is behind it. */
        private boolean isOwed(Entry entry) {
            StreamPosition position = entry.acknowledged;
            return position != null
                    && !beginnings.isEmpty()
                    && beginnings.stream().noneMatch(b -> isBehind(b, entry, position));
        }

        private static boolean isBehind(Begun beginning, Entry entry, @Nullable StreamPosition position) {
            return position != null
                    && entry.startedNanos < beginning.atNanos()
                    && (!position.epoch().equals(beginning.position().epoch())
                            || position.offset() <= beginning.position().offset());
        }
    }
}
