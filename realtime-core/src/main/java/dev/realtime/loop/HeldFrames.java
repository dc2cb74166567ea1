package dev.realtime.loop;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames for a client that is behind, in front of its transport and in the order in which they leave. Publications that
 * may be left out are replaced by newer ones of their key, or dropped, oldest first; everything else stays where it is.
 * Touched on the executor of the client only.
 *
 * <p>There are two queues, so that a key of which a newer value comes all the time is sent nevertheless:
 *
 * <ol>
 *   <li>Frames arrive at the end of the second queue. A publication replaces the one of its key that waits there: that
 *       one is left out, and the newer one keeps the order of publications.
 *   <li>Frames leave from the first queue, where nothing is replaced.
 *   <li>When the first queue is empty, the second takes its place.
 * </ol>
 *
 * <p>So each key is sent once per round, and what waits is at most two publications per key.
 */
final class HeldFrames {

    /** What an entry costs beside its frame, roughly. */
    private static final int ENTRY_BYTES = 96;

    private ArrayDeque<Entry> leaving = new ArrayDeque<>();

    private ArrayDeque<Entry> arriving = new ArrayDeque<>();

    /** Publications of the second queue that newer ones replace. */
    private final Map<Key, Entry> newest = new HashMap<>();

    private long bytes;

    /** Entries that hold a frame. */
    private int frames;

    private record Key(Object source, String value) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.source == source && key.value.equals(value);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(source) * 31 + value.hashCode();
        }
    }

    /** Frame that waits, or the place of one that was left out. */
    static final class Entry {

        /** {@code null} once it was left out or taken. */
        private @Nullable ByteBuf frame;

        private final int messages;

        /** {@code null} for what must not be left out. */
        private final @Nullable Droppable droppable;

        private Entry(ByteBuf frame, int messages, @Nullable Droppable droppable) {
            this.frame = frame;
            this.messages = messages;
            this.droppable = droppable;
        }

        int messages() {
            return messages;
        }

        @Nullable
        Droppable droppable() {
            return droppable;
        }

        /** Returns the frame, whose reference the caller takes over. */
        @Nullable
        ByteBuf takeFrame() {
            ByteBuf taken = frame;
            frame = null;
            return taken;
        }
    }

    boolean isEmpty() {
        return frames == 0;
    }

    /** Returns the bytes of the frames and of what belongs to them. */
    long bytes() {
        return bytes;
    }

    /** Adds frames that must not be left out; takes over their reference. */
    void add(ByteBuf frame, int messages) {
        add(new Entry(frame, messages, null));
    }

    /** Adds a publication in place of the one of its key; takes over the reference of the frame. */
    void add(ByteBuf frame, Droppable droppable) {
        Entry entry = new Entry(frame, 1, droppable);
        if (droppable.key() != null) {
            Entry replaced = newest.put(new Key(droppable.source(), droppable.key()), entry);
            if (replaced != null) {
                leaveOut(replaced);
                droppable.statistics().conflatedOne();
            }
        }
        add(entry);
    }

    private void add(Entry entry) {
        if (arriving.size() > 16 && arriving.size() > 2 * frames) {
            arriving.removeIf(left -> left.frame == null);
        }
        arriving.add(entry);
        frames++;
        bytes += bytesOf(entry);
    }

    private void leaveOut(Entry entry) {
        bytes -= bytesOf(entry);
        frames--;
        ByteBuf frame = entry.takeFrame();
        if (frame != null) {
            frame.release();
        }
    }

    private static long bytesOf(Entry entry) {
        return ENTRY_BYTES + (entry.frame == null ? 0 : entry.frame.readableBytes());
    }

    /** Drops the oldest publication that may be dropped for lack of room; returns whether there was one. */
    boolean dropOldest() {
        return dropOldestOf(leaving) || dropOldestOf(arriving);
    }

    private boolean dropOldestOf(ArrayDeque<Entry> queue) {
        for (Iterator<Entry> all = queue.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            Droppable droppable = entry.droppable;
            if (entry.frame == null) {
                all.remove();
            } else if (droppable != null && droppable.dropsOldest()) {
                all.remove();
                leaveOut(entry);
                droppable.statistics().droppedOne();
                return true;
            }
        }
        return false;
    }

    /** Takes the frame that leaves next; {@code null} if there is none. */
    @Nullable
    Entry poll() {
        while (true) {
            Entry next = leaving.poll();
            if (next == null) {
                if (frames == 0) {
                    forget();
                    return null;
                }
                swap();
            } else if (next.frame != null) {
                bytes -= bytesOf(next);
                frames--;
                return next;
            }
        }
    }

    private void swap() {
        ArrayDeque<Entry> empty = leaving;
        leaving = arriving;
        arriving = empty;
        newest.clear();
    }

    /** Calls back with each frame that waits. */
    void forEach(Consumer<ByteBuf> action) {
        for (ArrayDeque<Entry> queue : List.of(leaving, arriving)) {
            for (Entry entry : queue) {
                if (entry.frame != null) {
                    action.accept(entry.frame);
                }
            }
        }
    }

    /** Releases everything. */
    void clear() {
        for (Entry entry = poll(); entry != null; entry = poll()) {
            ByteBuf frame = entry.takeFrame();
            if (frame != null) {
                frame.release();
            }
        }
    }

    private void forget() {
        leaving.clear();
        arriving.clear();
        newest.clear();
    }
}
