package dev.realtime.connection;

import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.hub.ClassDelivery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Position of one subscriber in a stream: that of the last publication the client got. Decides for each publication
 * whether it is the next one. Used on the executor of the connection only.
 */
final class SubscriptionPosition {

    /** Place of a publication after those that the subscriber has. */
    enum Verdict {
        NEXT,
        SEEN,
        GAP
    }

    private long offset;

    private String epoch = "";

    /** Last position of the epoch before, when the stream continued in another one; {@code null} if it did not. */
    private @Nullable StreamPosition previousEpochEnd;

    /** Epochs of the stream before the one that was read, of which publications may still be on their way. */
    private List<String> formerEpochs = List.of();

    /** Whether the client has another epoch than {@link #epoch}, so that the next publication must name it. */
    private boolean epochUnknownToClient;

    /** Sets the position to the one the client has once it has processed the reply. */
    void set(HistoryResult read) {
        offset = read.position().offset();
        epoch = read.position().epoch();
        formerEpochs = read.formerEpochs();
    }

    /** Returns the position. */
    StreamPosition current() {
        return new StreamPosition(offset, epoch);
    }

    /** Compares a publication with what the client has, and moves the position if it is the next. */
    Verdict place(StreamPosition position) {
        if (position.offset() == 0) {
            return Verdict.NEXT;
        }
        if (epoch.isEmpty()) {
            epoch = position.epoch();
            epochUnknownToClient = true;
        } else if (!inThisStream(position)) {
            boolean seen =
                    formerEpochs.contains(position.epoch()) && Long.compareUnsigned(position.offset(), offset) <= 0;
            return seen ? Verdict.SEEN : Verdict.GAP;
        }
        if (position.offset() == offset + 1) {
            offset++;
            return Verdict.NEXT;
        }
        return Long.compareUnsigned(position.offset(), offset) <= 0 ? Verdict.SEEN : Verdict.GAP;
    }

    /** Returns whether publications are the next, and none of them must name its epoch. */
    boolean isFollowedBy(ClassDelivery delivery) {
        return !epochUnknownToClient && delivery.continues(offset, epoch);
    }

    /** Moves behind publications that are the next. */
    void pass(ClassDelivery delivery) {
        offset = delivery.offsetAfter(offset);
    }

    /** Continues in another epoch, if the client is in the one that ended and not behind its end. */
    void continueIn(StreamPosition end, String epoch) {
        boolean concerned = this.epoch.equals(end.epoch()) && !epoch.equals(end.epoch());
        if (concerned && Long.compareUnsigned(offset, end.offset()) <= 0) {
            previousEpochEnd = end;
            this.epoch = epoch;
            epochUnknownToClient = true;
        }
    }

    /**
     * Returns whether nothing is missing.
     *
     * @param top of the stream
     * @param quiet whether all publications up to the top must have arrived
     */
    boolean reaches(StreamPosition top, boolean quiet) {
        int distance = Long.compareUnsigned(offset, top.offset());
        return inThisStream(top) && (quiet ? distance == 0 : distance >= 0);
    }

    /**
     * Returns whether a publication that is being written must name the epoch. One of the epoch before does not know it
     * yet.
     */
    boolean namesEpoch(StreamPosition position) {
        boolean names = epochUnknownToClient && epoch.equals(position.epoch());
        epochUnknownToClient &= !names;
        return names;
    }

    /**
     * Returns whether a position belongs to the epoch of this subscription, or to the one before that lost nothing by
     * ending.
     */
    private boolean inThisStream(StreamPosition position) {
        return epoch.equals(position.epoch())
                || (previousEpochEnd != null
                        && previousEpochEnd.epoch().equals(position.epoch())
                        && Long.compareUnsigned(position.offset(), previousEpochEnd.offset()) <= 0);
    }
}
