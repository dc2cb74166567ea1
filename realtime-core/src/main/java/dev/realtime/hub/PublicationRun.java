package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one channel that wait for one executor at the same moment, two at least. Their frames are joined
 * once, and each subscriber that is due all of them gets the joined bytes in a single write: what costs is the write,
 * not the bytes. Confined to the executor.
 */
public final class PublicationRun implements Delivery {

    private static final WireForm[] FORMS = WireForm.values();

    private final List<OfPublication> publications;

    /** Joined frames by wire form, as far as asked for. */
    private final @Nullable ByteBuf[] joined = new ByteBuf[FORMS.length];

    /** Bit set of the wire forms that cannot carry all of it, or for which it could not be joined. */
    private int notCarried;

    private final boolean consecutive;

    private final boolean withoutPositions;

    PublicationRun(List<OfPublication> publications) {
        this.publications = publications;
        StreamPosition first = publications.get(0).position();
        boolean consecutive = first.offset() != 0;
        boolean withoutPositions = first.offset() == 0;
        for (int i = 1; i < publications.size(); i++) {
            StreamPosition position = publications.get(i).position();
            consecutive &=
                    position.offset() == first.offset() + i && position.epoch().equals(first.epoch());
            withoutPositions &= position.offset() == 0;
        }
        this.consecutive = consecutive;
        this.withoutPositions = withoutPositions;
    }

    /** The publications one by one, for subscribers that are not to get exactly all of them. */
    public List<OfPublication> publications() {
        return publications;
    }

    /** Returns whether every publication of the run is the next one for a subscriber at that position. */
    public boolean continues(long offset, String epoch) {
        StreamPosition first = publications.get(0).position();
        return withoutPositions
                || (consecutive && first.offset() == offset + 1 && first.epoch().equals(epoch));
    }

    /** Position after the run of a subscriber that was at an offset, if the run continues it. */
    public long offsetAfter(long offset) {
        return withoutPositions ? offset : offset + publications.size();
    }

    @Override
    public @Nullable ByteBuf frameFor(WireForm form) {
        int ordinal = form.ordinal();
        ByteBuf frames = joined[ordinal];
        if (frames == null && (notCarried & 1 << ordinal) == 0) {
            frames = joinIfPossible(form);
            joined[ordinal] = frames;
            notCarried |= frames == null ? 1 << ordinal : 0;
        }
        return frames == null ? null : frames.retain();
    }

    /** Joins the frames, or returns {@code null} without memory for it: then they are written one by one. */
    private @Nullable ByteBuf joinIfPossible(WireForm form) {
        ByteBuf frames = null;
        ByteBuf whole = null;
        try {
            frames = publications.get(0).allocator().directBuffer(publications.size() * 256);
            whole = join(form, frames) ? frames : null;
        } catch (Throwable failure) {
            Boundary.caught(Place.JOINING, publications.get(0).channel(), failure);
        } finally {
            if (frames != null && whole == null) {
                frames.release();
            }
        }
        return whole;
    }

    private boolean join(WireForm form, ByteBuf frames) {
        for (OfPublication publication : publications) {
            ByteBuf frame = publication.frameFor(form);
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
        for (ByteBuf frames : joined) {
            if (frames != null) {
                frames.release();
            }
        }
    }
}
