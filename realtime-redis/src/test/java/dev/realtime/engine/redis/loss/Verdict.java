package dev.realtime.engine.redis.loss;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a comparison of journal and logs. A verdict is clean when nothing that must not happen did.
 *
 * <p>For one thread at a time.
 */
public final class Verdict {

    /** What must not happen. */
    public enum Violation {
        /** Acknowledged, never delivered, and the subscriber was not notified. */
        LOST,
        /** An offset was left out. */
        GAP,
        /** Delivered twice in one stream. */
        DUPLICATED,
        /**
         * In a channel without history, an earlier attempt of a publication that was tried again came later or as well:
         * it had stayed behind in a server that was given up.
         */
        BELATED,
        /** Delivered behind a later one. */
        REORDERED,
        /** Not what was published, or not at this offset. */
        ALTERED
    }

    private static final int MOST_EXAMPLES = 20;

    private final Map<Violation, Integer> violations = new EnumMap<>(Violation.class);

    private final List<String> examples = new ArrayList<>();

    private int delivered;

    private int notified;

    private int ended;

    void add(Violation violation, String what) {
        violations.merge(violation, 1, Integer::sum);
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(violation + ": " + what);
        }
    }

    void countDelivered() {
        delivered++;
    }

    void countNotified() {
        notified++;
    }

    void countEnded() {
        ended++;
    }

    /** Whether nothing was lost in silence, doubled, reordered or altered. */
    public boolean isClean() {
        return violations.isEmpty();
    }

    /** The same, but for this one. */
    public boolean isCleanBut(Violation tolerated) {
        return violations.keySet().stream().allMatch(tolerated::equals);
    }

    /** How often it happened. */
    public int count(Violation violation) {
        return violations.getOrDefault(violation, 0);
    }

    /** Publications that arrived, each counted once per subscriber. */
    public int delivered() {
        return delivered;
    }

    /** Returns how often a subscriber was notified that something may be missing. */
    public int notified() {
        return notified;
    }

    /** How often the server ended a subscription or connection. */
    public int ended() {
        return ended;
    }

    @Override
    public String toString() {
        return "%s, delivered=%d, notified=%d, ended=%d%n%s"
                .formatted(violations, delivered, notified, ended, String.join(System.lineSeparator(), examples));
    }
}
