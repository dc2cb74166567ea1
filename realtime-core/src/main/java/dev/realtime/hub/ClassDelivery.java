package dev.realtime.hub;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one channel and moment for the subscribers of one class on one executor. Their frames are joined
 * once, and each subscriber that is due all of them gets the joined bytes in a single write: what costs is the write,
 * not the bytes. Confined to the executor, and valid only during the call that hands it over.
 */
public final class ClassDelivery {

    /** Subscribers from which a frame is copied for the executor rather than counted together with other executors. */
    private static final int MIN_WRITERS_OF_COPY = 16;

    /** Longest frame that is copied. */
    private static final int MAX_COPIED_BYTES = 4_096;

    private final PublicationRun run;

    private final DeliveryClass deliveryClass;

    private final WireForm form;

    private final int subscribers;

    /** Publications that the filter passes. */
    private final int passing;

    /** Those that it does not pass; {@code null} if it passes all or none. */
    private final @Nullable BitSet dropped;

    /** Whether publications may be sent as differences. */
    private final boolean deltas;

    /** Frames of all publications; {@code null} until the first subscriber asks. */
    private @Nullable SharedFrame frames;

    /** The same for clients that have what the first patch is for. */
    private @Nullable SharedFrame framesFromBase;

    ClassDelivery(PublicationRun run, DeliveryClass deliveryClass, int subscribers) {
        this.run = run;
        this.deliveryClass = deliveryClass;
        this.form = deliveryClass.form();
        this.deltas = deliveryClass.deltas();
        this.subscribers = subscribers;
        int passing = run.size();
        BitSet dropped = null;
        for (int i = 0; i < run.size() && deliveryClass.filter() != null; i++) {
            if (!deliveryClass.passes(run.get(i).publication())) {
                dropped = dropped == null ? new BitSet(run.size()) : dropped;
                dropped.set(i);
                passing--;
            }
        }
        this.passing = passing;
        this.dropped = passing == 0 ? null : dropped;
    }

    /** Returns the number of publications. */
    public int size() {
        return run.size();
    }

    /** Returns the number of publications that the filter of the class passes. */
    public int passing() {
        return passing;
    }

    /** Returns whether the filter of the class passes a publication. */
    public boolean passes(int index) {
        return passing > 0 && (dropped == null || !dropped.get(index));
    }

    /** Returns whether some of the publications are not for every subscriber of the class. */
    public boolean isExclusive() {
        return run.isExclusive();
    }

    /** Returns whether a subscriber is excluded from one of the publications at least. */
    public boolean excludes(String clientId, String userId) {
        return run.excludes(clientId, userId);
    }

    /** Returns a publication. */
    public Publication publication(int index) {
        return run.get(index).publication();
    }

    /** Returns the place of a publication in the stream; {@link StreamPosition#NONE} without history. */
    public StreamPosition position(int index) {
        return run.get(index).position();
    }

    /** Returns when the first publication arrived at the hub, by the clock of the hub. */
    public long arrivedNanos() {
        return run.get(0).arrivedNanos();
    }

    /** Returns whether every publication is the next one for a subscriber at that position. */
    public boolean continues(long offset, String epoch) {
        return run.continues(offset, epoch);
    }

    /** Returns the position after all publications of a subscriber that was at an offset, if they continue it. */
    public long offsetAfter(long offset) {
        return run.offsetAfter(offset);
    }

    /**
     * Returns the number of a publication among those of the channel, for subscribers with deltas; 0 if it has none.
     */
    public long number(int index) {
        DeltaChain.Link link = run.get(index).link();
        return link == null ? 0 : link.number();
    }

    /** Returns the number of the publication that a patch is for; 0 without a patch. */
    public long baseNumber(int index) {
        DeltaChain.Link link = run.get(index).link();
        return link == null ? 0 : link.baseNumber();
    }

    /** Returns the place of that publication in the stream; {@link StreamPosition#NONE} without a patch or history. */
    public StreamPosition basePosition(int index) {
        DeltaChain.Link link = run.get(index).link();
        return link == null ? StreamPosition.NONE : link.basePosition();
    }

    /**
     * Returns the frames of all publications that the filter passes in one buffer, with a reference that the caller
     * owns; {@code null} if they must be written one by one.
     *
     * @param fromBase whether the client has what the patch of the first one is for
     */
    public @Nullable ByteBuf frames(boolean fromBase) {
        SharedFrame shared = fromBase ? framesFromBase : frames;
        if (shared == null) {
            shared = new SharedFrame(passing == 1 ? single(fromBase) : joined(fromBase), subscribers);
            if (fromBase) {
                framesFromBase = shared;
            } else {
                frames = shared;
            }
        }
        return shared.take();
    }

    /**
     * Returns the frame of one publication, with a reference that the caller owns; {@code null} if the wire form cannot
     * carry it.
     *
     * @param fromBase whether the client has what its patch is for
     */
    public @Nullable ByteBuf frame(int index, boolean fromBase) {
        Delivery.OfPublication publication = run.get(index);
        return deltas ? publication.frameWithDeltas(form, fromBase) : publication.frameFor(deliveryClass);
    }

    /** Returns the frame of one whole publication for a client that does not know its epoch. */
    public @Nullable ByteBuf frameWithEpoch(int index) {
        Delivery.OfPublication publication = run.get(index);
        return deltas ? publication.frameWithEpochAndDeltas(form) : publication.frameWithEpoch(form);
    }

    /** Returns the frame of the only publication that passes. */
    private @Nullable ByteBuf single(boolean fromBase) {
        int index = 0;
        while (!passes(index)) {
            index++;
        }
        Delivery.OfPublication publication = run.get(index);
        ByteBuf frame = frame(index, fromBase);
        boolean copied = frame != null
                && publication.isForSeveralExecutors()
                && subscribers >= MIN_WRITERS_OF_COPY
                && frame.readableBytes() <= MAX_COPIED_BYTES;
        return copied ? copy(frame, publication) : frame;
    }

    /** Returns a copy of a frame, whose reference is given back; without memory for it the frame itself. */
    private static ByteBuf copy(ByteBuf frame, Delivery.OfPublication publication) {
        ByteBuf copy;
        try {
            copy = publication.allocator().directBuffer(frame.readableBytes());
        } catch (Throwable failure) {
            Boundary.caught(Place.JOINING, publication.channel(), failure);
            return frame;
        }
        copy.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        frame.release();
        return copy;
    }

    /** Joins the frames, or returns {@code null} without memory for it: then they are written one by one. */
    private @Nullable ByteBuf joined(boolean fromBase) {
        ByteBuf whole = null;
        ByteBuf frames = null;
        try {
            int bytes = 0;
            for (int i = 0; i < run.size(); i++) {
                bytes += passes(i) ? run.get(i).frameBytes(form) : 0;
            }
            frames = run.get(0).allocator().directBuffer(bytes);
            whole = join(frames, fromBase) ? frames : null;
        } catch (Throwable failure) {
            Boundary.caught(Place.JOINING, run.get(0).channel(), failure);
        } finally {
            if (frames != null && whole == null) {
                frames.release();
            }
        }
        return whole;
    }

    private boolean join(ByteBuf frames, boolean fromBase) {
        for (int i = 0; i < run.size(); i++) {
            if (!passes(i)) {
                continue;
            }
            ByteBuf frame = frame(i, i == 0 ? fromBase : baseNumber(i) != 0 && baseNumber(i) == number(i - 1));
            if (frame == null) {
                return false;
            }
            try {
                frames.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
            } finally {
                frame.release();
            }
        }
        return true;
    }

    void release() {
        if (frames != null) {
            frames.release();
        }
        if (framesFromBase != null) {
            framesFromBase.release();
        }
    }
}
