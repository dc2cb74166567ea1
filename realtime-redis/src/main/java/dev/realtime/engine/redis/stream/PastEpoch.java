package dev.realtime.engine.redis.stream;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.generation.Generation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An epoch that ended because the generation of Redis changed, while the stream continued.
 *
 * @param epoch that ended
 * @param boundary last offset of it that the next generation has
 * @param seen highest offset of it that some node is known to have had, or {@link #UNSETTLED}
 */
public record PastEpoch(String epoch, long boundary, long seen) {

    /** Nothing is noted. */
    public static final long UNSETTLED = -1;

    /** Two generations of Redis, one of which a stream was continued from in the other. */
    public record Handover(String from, String to) {}

    /** Verdict on a handover, as far as it is known. */
    public enum Verdict {
        /** All nodes said themselves that nothing they saw is missing, but where that is noted. */
        WHOLE,
        /** The same, but for nodes that have ended without a word. */
        WHOLE_BUT_FOR_ABSENT,
        /** Something may be missing anywhere. */
        LOST
    }

    /** Verdicts that are known. */
    public interface Verdicts {

        @Nullable
        Verdict of(Handover handover);
    }

    public boolean isSettled() {
        return seen != UNSETTLED;
    }

    /** Returns whether it is noted that the next generation has all that any node had. */
    boolean isWhole() {
        return isSettled() && seen <= boundary;
    }

    /** Returns whether it is noted that something was lost. */
    public boolean isLossy() {
        return seen > boundary;
    }

    /** Returns the generation of Redis in which it was used. */
    public String generation() {
        return Generation.of(epoch);
    }

    /**
     * Reads the field {@code b} of a meta hash, see open-stream.lua. What cannot be read counts as not there: then
     * no client recovers from it.
     *
     * @return oldest first
     */
    public static List<PastEpoch> parse(String past) {
        if (past.isEmpty()) {
            return List.of();
        }
        List<PastEpoch> epochs = new ArrayList<>();
        for (String entry : past.split(";")) {
            String[] parts = entry.split(",");
            if (parts.length == 3) {
                try {
                    long seen = parts[2].equals("?") ? UNSETTLED : Long.parseLong(parts[2]);
                    epochs.add(new PastEpoch(parts[0], Long.parseLong(parts[1]), seen));
                    continue;
                } catch (NumberFormatException e) {
                    // Handled as every other garbage, below.
                }
            }
            epochs.clear();
        }
        return Collections.unmodifiableList(epochs);
    }

    public static List<String> names(List<PastEpoch> epochs) {
        return epochs.isEmpty()
                ? List.of()
                : epochs.stream().map(PastEpoch::epoch).toList();
    }

    public static @Nullable PastEpoch find(List<PastEpoch> epochs, String epoch) {
        int at = indexOf(epochs, epoch);
        return at < 0 ? null : epochs.get(at);
    }

    private static int indexOf(List<PastEpoch> epochs, String epoch) {
        for (int i = epochs.size() - 1; i >= 0; i--) {
            if (epochs.get(i).epoch().equals(epoch)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns where the stream continued from this place without a noted loss: the ends of all epochs since,
     * oldest first.
     */
    public static List<StreamPosition> endsSince(List<PastEpoch> epochs, StreamPosition place) {
        int first = indexOf(epochs, place.epoch());
        if (first < 0 || place.offset() > epochs.get(first).boundary()) {
            return List.of();
        }
        List<PastEpoch> since = epochs.subList(first, epochs.size());
        return since.stream().anyMatch(PastEpoch::isLossy)
                ? List.of()
                : since.stream()
                        .map(past -> new StreamPosition(past.boundary(), past.epoch()))
                        .toList();
    }

    private static Handover handover(List<PastEpoch> epochs, int index, StreamPosition top) {
        String next = index + 1 < epochs.size() ? epochs.get(index + 1).generation() : Generation.of(top.epoch());
        return new Handover(epochs.get(index).generation(), next);
    }

    private static @Nullable Verdict verdict(List<PastEpoch> epochs, int index, StreamPosition top, Verdicts verdicts) {
        PastEpoch past = epochs.get(index);
        if (past.isSettled()) {
            return past.isWhole() ? Verdict.WHOLE : Verdict.LOST;
        }
        return verdicts.of(handover(epochs, index, top));
    }

    /**
     * Handovers that decide whether a client that was at a place can continue, and of which nothing is known yet; by
     * the epoch that ended.
     */
    public static List<Open> open(
            List<PastEpoch> epochs, StreamPosition top, @Nullable StreamPosition place, Verdicts verdicts) {
        int first = place == null ? -1 : indexOf(epochs, place.epoch());
        if (first < 0) {
            return List.of();
        }
        List<Open> open = new ArrayList<>();
        for (int i = first; i < epochs.size(); i++) {
            Verdict verdict = verdict(epochs, i, top, verdicts);
            if (verdict == Verdict.LOST) {
                return List.of();
            }
            if (verdict == null) {
                open.add(new Open(epochs.get(i).epoch(), handover(epochs, i, top)));
            }
        }
        return open;
    }

    /** Returns whether something is known to be lost of an epoch, or of one after it. */
    public static boolean isLost(List<PastEpoch> epochs, StreamPosition top, String since, Verdicts verdicts) {
        int first = indexOf(epochs, since);
        for (int i = first; i >= 0 && i < epochs.size(); i++) {
            if (verdict(epochs, i, top, verdicts) == Verdict.LOST) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether a stream was continued over a handover of which nothing is noted in it, and no loss was noted
     * since: its subscribers have to be notified if anything may have been lost there.
     */
    public static boolean isOpen(List<PastEpoch> epochs, StreamPosition top, Handover handover) {
        for (int i = epochs.size() - 1; i >= 0; i--) {
            PastEpoch past = epochs.get(i);
            if (past.isLossy()) {
                return false;
            }
            if (!past.isSettled() && handover(epochs, i, top).equals(handover)) {
                return true;
            }
        }
        return false;
    }

    /** An epoch whose end is not judged yet. */
    public record Open(String epoch, Handover handover) {}

    /**
     * Returns the epochs from which the stream has continued whole ever since, newest first, each with the last offset
     * of which that is certain. Where all nodes said that nothing was seen beyond the boundary, a client that names the
     * epoch at an offset beyond has followed the stream since, without having learned the name of a newer epoch.
     */
    public static List<StreamPosition> whole(List<PastEpoch> epochs, StreamPosition top, Verdicts verdicts) {
        if (epochs.isEmpty()) {
            return List.of();
        }
        List<StreamPosition> whole = new ArrayList<>(epochs.size());
        long certain = top.offset();
        for (int i = epochs.size() - 1; i >= 0; i--) {
            Verdict verdict = verdict(epochs, i, top, verdicts);
            if (verdict == null || verdict == Verdict.LOST) {
                break;
            }
            certain = verdict == Verdict.WHOLE
                    ? certain
                    : Math.min(certain, epochs.get(i).boundary());
            whole.add(new StreamPosition(certain, epochs.get(i).epoch()));
        }
        return Collections.unmodifiableList(whole);
    }
}
