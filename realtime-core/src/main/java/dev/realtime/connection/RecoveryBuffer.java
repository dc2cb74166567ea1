package dev.realtime.connection;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publications that arrive while a subscription is being opened. They come before its reply could be written, and may
 * be in the history that is read meanwhile; afterwards they are merged by offset. Bounded in bytes.
 */
final class RecoveryBuffer {

    /** What a publication costs beside its data, roughly. */
    private static final int OVERHEAD_BYTES = 96;

    private final long maxBytes;

    private final List<Entry> entries = new ArrayList<>(0);

    private long bytes;

    private boolean overflowed;

    RecoveryBuffer(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(Publication publication, StreamPosition position) {
        int dataBytes = publication.data().length() + length(publication.info());
        add(new Entry(publication, position, ""), dataBytes);
    }

    /** Notes a publication that the subscriber is not to get, but whose position it passes. */
    void addFiltered(StreamPosition position) {
        add(new Entry(null, position, ""), 0);
    }

    private void add(Entry entry, int dataBytes) {
        bytes += OVERHEAD_BYTES + dataBytes;
        if (bytes > maxBytes) {
            overflow();
        }
        if (!overflowed) {
            entries.add(entry);
        }
    }

    /** Notes that something that arrived is not here. */
    void overflow() {
        overflowed = true;
        entries.clear();
    }

    /** Notes that the stream continues in another epoch, between what arrived before and after. */
    void addEpoch(StreamPosition end, String epoch) {
        if (!overflowed) {
            entries.add(new Entry(null, end, epoch));
        }
    }

    private static int length(@Nullable ClientInfo info) {
        if (info == null) {
            return 0;
        }
        return (info.connectionInfo() == null ? 0 : info.connectionInfo().length())
                + (info.channelInfo() == null ? 0 : info.channelInfo().length());
    }

    /** Returns whether more arrived than the bound allows, so that what is here is not all. */
    boolean overflowed() {
        return overflowed;
    }

    /** What arrived, in order. */
    List<Entry> entries() {
        return entries;
    }

    /**
     * One that arrived.
     *
     * @param publication {@code null} for one that is filtered, or a stream that continues in another epoch
     * @param position of the publication, or end of the epoch
     * @param epoch in which the stream continues; empty for publications
     */
    record Entry(@Nullable Publication publication, StreamPosition position, String epoch) {

        boolean continuesEpoch() {
            return !epoch.isEmpty();
        }
    }
}
