package dev.realtime.engine.redis.loss;

import dev.realtime.engine.redis.loss.Journal.Entry;
import dev.realtime.engine.redis.loss.Sighting.Delivered;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The same comparison for channels without history. Anything may be lost there, but nothing may come twice, or be
 * altered, and what was acknowledged comes in the order in which it was published. What was not acknowledged may have
 * been overtaken: it may have waited in a connection that was given up.
 */
final class AtMostOnceChecker {

    private AtMostOnceChecker() {}

    static void check(Journal journal, Collection<SubscriberLog> logs, Verdict verdict) {
        logs.forEach(log -> check(journal, log, verdict));
    }

    private static void check(Journal journal, SubscriberLog log, Verdict verdict) {
        Set<String> seen = new HashSet<>();
        int last = 0;
        for (Sighting sighting : log.sightings()) {
            if (!(sighting instanceof Delivered delivered)) {
                continue;
            }
            verdict.countDelivered();
            Entry entry = journal.find(log.channel(), delivered.data());
            if (entry == null) {
                verdict.add(Violation.ALTERED, log + ": without a publish: " + delivered);
            } else if (!seen.add(delivered.data())) {
                verdict.add(belatedOr(Violation.DUPLICATED, entry), log + ": " + delivered);
            } else if (entry.acknowledged != null) {
                if (entry.number < last) {
                    verdict.add(
                            belatedOr(Violation.REORDERED, entry), log + ": " + delivered + " behind number " + last);
                }
                last = Math.max(last, entry.number);
            }
        }
    }

    private static Violation belatedOr(Violation violation, Entry entry) {
        return entry.attempts > 1 ? Violation.BELATED : violation;
    }
}
