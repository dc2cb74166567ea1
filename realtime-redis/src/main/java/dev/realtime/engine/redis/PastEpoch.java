package dev.realtime.engine.redis;

import dev.realtime.protocol.StreamPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An epoch that ended because the generation of Redis changed, while the stream went on.
 *
 * @param epoch that ended
 * @param boundary last offset of it that the new generation has
 * @param seen highest offset of it that some node is known to have had, or {@link #UNSETTLED}
 */
record PastEpoch(String epoch, long boundary, long seen) {

    /** Nobody has asked the nodes yet. */
    static final long UNSETTLED = -1;

    boolean isSettled() {
        return seen != UNSETTLED;
    }

    /** Whether it is known that the new generation has all that any node had. */
    boolean isWhole() {
        return isSettled() && seen <= boundary;
    }

    /**
     * Reads the field {@code b} of a meta hash, see open-stream.lua. What cannot be read counts as not there: then nobody recovers
     * from it.
     *
     * @return oldest first
     */
    static List<PastEpoch> parse(String past) {
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

    /** Whether it depends on what is not known yet if somebody who stands there can go on in the present epoch. */
    static boolean mustSettle(List<PastEpoch> epochs, @Nullable StreamPosition place) {
        if (place == null || epochs.isEmpty()) {
            return false;
        }
        boolean unsettled = false;
        for (int i = epochs.size() - 1; i >= 0; i--) {
            PastEpoch epoch = epochs.get(i);
            if (epoch.isSettled() && !epoch.isWhole()) {
                return false;
            }
            unsettled |= !epoch.isSettled();
            if (epoch.epoch().equals(place.epoch())) {
                return unsettled && Long.compareUnsigned(place.offset(), epoch.boundary()) <= 0;
            }
        }
        return false;
    }

    /** Where those epochs ended from which the stream went on whole ever since, newest first. */
    static List<StreamPosition> whole(List<PastEpoch> epochs) {
        if (epochs.isEmpty()) {
            return List.of();
        }
        List<StreamPosition> whole = new ArrayList<>(epochs.size());
        for (int i = epochs.size() - 1; i >= 0 && epochs.get(i).isWhole(); i--) {
            whole.add(new StreamPosition(epochs.get(i).boundary(), epochs.get(i).epoch()));
        }
        return Collections.unmodifiableList(whole);
    }
}
