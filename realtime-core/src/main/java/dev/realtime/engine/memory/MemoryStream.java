package dev.realtime.engine.memory;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.AppendOptions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one channel: its latest publications, and its position, which outlives them.
 *
 * <p>Publications kept have consecutive offsets up to the top, because each one appended takes the next and they are
 * only ever dropped from the oldest on. So an offset says where in the ring its publication is. Not thread-safe.
 */
final class MemoryStream {

    private static final @Nullable Publication[] NO_PUBLICATIONS = new Publication[0];

    private static final int SMALLEST_RING = 4;

    private final String epoch;

    /** Offset of the last publication, kept or not. */
    private long top;

    /** Ring of the publications kept; its length is a power of two, or zero. */
    private @Nullable Publication[] ring = NO_PUBLICATIONS;

    /** Number of publications kept. */
    private int count;

    /** When the publications go. */
    private long publicationsExpireAtMillis;

    /** When the position goes, and with it the stream. */
    private long endsAtMillis;

    /** Version of the last publication that had one; 0 before the first. */
    private long version;

    private String versionEpoch = "";

    MemoryStream(String epoch) {
        this.epoch = epoch;
    }

    StreamPosition position() {
        return new StreamPosition(top, epoch);
    }

    /**
     * Returns whether a publication of this version is newer than what the stream has seen, or cannot be compared with
     * it.
     */
    boolean isNewer(long version, String versionEpoch) {
        return version == 0
                || (!versionEpoch.isEmpty() && !versionEpoch.equals(this.versionEpoch))
                || Long.compareUnsigned(version, this.version) > 0;
    }

    /** Appends a publication and returns it with its offset. Version 0 leaves the last version in force. */
    Publication append(Publication publication, AppendOptions options, long nowMillis) {
        trim(options.history().size() - 1);
        makeRoom();
        Publication appended = publication.at(++top);
        ring[slot(top)] = appended;
        count++;
        if (options.version() != 0) {
            version = options.version();
            versionEpoch = options.versionEpoch();
        }
        publicationsExpireAtMillis = nowMillis + options.history().ttl().toMillis();
        return appended;
    }

    /** Starts the life of the position again. */
    void prolong(HistoryOptions options, long nowMillis) {
        endsAtMillis = nowMillis + options.metaTtl().toMillis();
    }

    /** Returns whether the life of the position is over. */
    boolean hasEnded(long nowMillis) {
        return endsAtMillis <= nowMillis;
    }

    /** Removes the publications if their life is over. */
    void expire(long nowMillis) {
        if (count > 0 && publicationsExpireAtMillis <= nowMillis) {
            clear();
        }
    }

    /** Removes the publications; the position stays. */
    void clear() {
        ring = NO_PUBLICATIONS;
        count = 0;
    }

    /** What a query asks for. */
    List<Publication> read(HistoryQuery query) {
        StreamPosition since = query.since();
        long oldest = top - count + 1;
        if (query.reverse()) {
            long newest = since == null || Long.compareUnsigned(since.offset(), top) > 0 ? top : since.offset() - 1;
            return copy(newest, -1, newest - oldest + 1, query.limit());
        }
        if (since == null || Long.compareUnsigned(since.offset(), oldest) < 0) {
            return copy(oldest, 1, count, query.limit());
        }
        long missed = Long.compareUnsigned(since.offset(), top) < 0 ? top - since.offset() : 0;
        return copy(since.offset() + 1, 1, missed, query.limit());
    }

    private List<Publication> copy(long from, int step, long available, int limit) {
        int length = (int) Math.max(0, limit < 0 ? available : Math.min(available, limit));
        @Nullable Publication[] publications = new Publication[length];
        for (int i = 0; i < length; i++) {
            publications[i] = ring[slot(from + (long) i * step)];
        }
        return Collections.unmodifiableList(Arrays.asList(publications));
    }

    private void trim(int most) {
        while (count > most) {
            ring[slot(top - count + 1)] = null;
            count--;
        }
    }

    private void makeRoom() {
        if (count < ring.length) {
            return;
        }
        @Nullable Publication[] full = ring;
        ring = new Publication[full.length == 0 ? SMALLEST_RING : full.length * 2];
        for (long offset = top - count + 1; offset <= top; offset++) {
            ring[slot(offset)] = full[(int) (offset & (full.length - 1))];
        }
    }

    private int slot(long offset) {
        return (int) (offset & (ring.length - 1));
    }
}
