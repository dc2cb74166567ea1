package dev.realtime.hub;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.delta.DeltaPublications;
import dev.realtime.spi.transport.WireForm;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one channel in the order in which they go through this node, each of which may be sent as its
 * difference to the one before. Keeps the latest while there are subscribers with deltas.
 *
 * <p>Each publication has a number. A subscriber with deltas knows the number of what its client got last, and gets a
 * patch only if that is the base of the patch: so one that was skipped, lost, or sent to some subscribers only, leads
 * to a publication that is sent whole, and never to a patch that the client cannot apply.
 *
 * <p>The base needs no command of the engine. A publication is the previous one of the stream exactly if its offset is
 * one less in the same epoch, and offsets are given in the atomic step that appends.
 */
final class DeltaChain {

    /**
     * One publication of the chain.
     *
     * @param number of the publication; never 0
     * @param baseNumber of the publication before, which the patch is for; 0 without a patch
     * @param basePosition of the same; {@link StreamPosition#NONE} without one
     * @param patch what turns the data of that publication into that of this one; {@code null} to send it whole
     */
    record Link(long number, long baseNumber, StreamPosition basePosition, byte @Nullable [] patch) {}

    /** Data that is kept for all channels of a node; beyond a bound publications are sent whole. */
    static final class Budget {

        private final AtomicLong kept = new AtomicLong();

        private final long max;

        Budget(long max) {
            this.max = max;
        }

        private boolean take(int bytes) {
            if (kept.addAndGet(bytes) <= max) {
                return true;
            }
            giveBack(bytes);
            return false;
        }

        private void giveBack(int bytes) {
            kept.addAndGet(-bytes);
        }

        /** Returns the bytes that are kept. */
        long kept() {
            return kept.get();
        }
    }

    private final Budget budget;

    /** Subscribers with deltas by wire form; guarded by the monitor of the channel. */
    private final int[] subscribersByForm = new int[WireForm.values().length];

    /** Bit set of the ordinals of their wire forms; written under the monitor of the channel. */
    private volatile int forms;

    // Guarded by this.

    private boolean closed;

    private long number;

    /** Data of the latest publication; {@code null} before the first, and while too much is kept. */
    private @Nullable Payload latest;

    private StreamPosition position = StreamPosition.NONE;

    DeltaChain(Budget budget) {
        this.budget = budget;
    }

    /** Counts subscribers of a wire form; returns how many of that form there are. */
    int count(int ordinal, int change) {
        subscribersByForm[ordinal] += change;
        forms = subscribersByForm[ordinal] == 0 ? forms & ~(1 << ordinal) : forms | 1 << ordinal;
        return subscribersByForm[ordinal];
    }

    /** Returns the wire forms of the subscribers, as a bit set of their ordinals. */
    int forms() {
        return forms;
    }

    /** Keeps nothing any more. */
    synchronized void close() {
        closed = true;
        keep(null, StreamPosition.NONE);
    }

    /** Adds the next publication; {@code null} if the last subscriber left. */
    @Nullable
    Link add(Publication publication, StreamPosition position) {
        Payload base;
        StreamPosition basePosition;
        long number;
        synchronized (this) {
            if (closed) {
                return null;
            }
            base = follows(position) ? latest : null;
            basePosition = this.position;
            number = ++this.number;
            keep(publication.data(), position);
        }
        byte[] patch = base == null ? null : DeltaPublications.patch(base, publication);
        return patch == null
                ? new Link(number, 0, StreamPosition.NONE, null)
                : new Link(number, number - 1, basePosition, patch);
    }

    /** Returns whether a position is behind the latest one with nothing between; without history it always is. */
    private boolean follows(StreamPosition position) {
        return position.offset() == 0
                || this.position.offset() == 0
                || (position.offset() == this.position.offset() + 1
                        && position.epoch().equals(this.position.epoch()));
    }

    private void keep(@Nullable Payload data, StreamPosition position) {
        if (latest != null) {
            budget.giveBack(latest.length());
        }
        latest = data != null && budget.take(data.length()) ? data : null;
        this.position = position;
    }
}
