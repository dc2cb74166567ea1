package dev.realtime.delta;

import dev.realtime.json.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encoder of the delta format of the Fossil version control system. A patch makes a target of a base:
 *
 * <pre>
 *   patch     length of the target, line feed, commands, checksum of the target, ';'
 *   command   count '@' offset ','     copies bytes of the base
 *             count ':' bytes          inserts bytes
 * </pre>
 *
 * Numbers have the base 64. The checksum is the sum of the target read as 32-bit big-endian numbers, the last one
 * filled up with zeros.
 *
 * <h2>Cost</h2>
 *
 * The base is indexed by windows of eight bytes, every one of them in a short base and every eighth in a long one. At
 * each place of the target a fixed number of places in the base is compared, and what was copied is skipped, so that
 * the work grows with the lengths alone, whatever the bytes are. Encoding ends as soon as the patch is as long as the
 * target. Equal input gives equal output.
 *
 * <h2>Characters</h2>
 *
 * A copy neither begins nor ends within a character of UTF-8, so that the patch of a text is text too and can be sent
 * to clients that speak JSON.
 *
 * @see <a href="https://fossil-scm.org/home/doc/trunk/www/delta_format.wiki">Format</a>
 */
public final class FossilDelta {

    /** Longest base and target. Longer ones are not compared: no publication should hold a thread for that long. */
    public static final int MAX_LENGTH = 1 << 20;

    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~".getBytes(StandardCharsets.US_ASCII);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Bytes that must be equal before a place of the base is considered. */
    private static final int WINDOW = 8;

    /** Length of a base up to which each of its windows is indexed. */
    private static final int MAX_FULLY_INDEXED = 16 * 1024;

    /** Places of the base that are compared with one place of the target. */
    private static final int MAX_CANDIDATES = 8;

    /** Length of a match with which the search ends. */
    private static final int LONG_MATCH = 256;

    /** Bytes of a character behind its first one. */
    private static final int MOST_CONTINUATIONS = 3;

    private final byte[] base;

    private final byte[] target;

    /** What the patch may not reach. */
    private final int limit;

    private final WireWriter patch;

    /** Number of the first window with a hash; 0 for none. */
    private final int[] first;

    /** Number of the next window with the same hash; 0 for none. */
    private final int[] next;

    /** Distance of indexed windows. */
    private final int step;

    private final int shift;

    /** Bytes of the target that the patch makes so far. */
    private int done;

    // The copy found last: a place of the base and one of the target with equal bytes.

    private int copyFrom;

    private int copyTo;

    private int copyLength;

    private FossilDelta(byte[] base, byte[] target) {
        this.base = base;
        this.target = target;
        this.limit = target.length;
        this.patch = new WireWriter(Math.min(target.length, 256) + 32);
        this.step = base.length <= MAX_FULLY_INDEXED ? 1 : WINDOW;
        int windows = (base.length - WINDOW) / step + 1;
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(windows, 2) - 1);
        this.first = new int[1 << bits];
        this.next = new int[windows + 1];
        this.shift = 64 - bits;
    }

    /**
     * Returns what makes the target of the base, if that is shorter than the target.
     *
     * @param base bytes that the receiver has
     * @param target bytes that the receiver is to have
     * @return the patch; {@code null} if it would not be shorter, or one of both is longer than {@link #MAX_LENGTH}
     */
    public static byte @Nullable [] patch(byte[] base, byte[] target) {
        boolean comparable = base.length >= WINDOW && base.length <= MAX_LENGTH && target.length <= MAX_LENGTH;
        return comparable && target.length > WINDOW ? new FossilDelta(base, target).encode() : null;
    }

    private byte @Nullable [] encode() {
        number(target.length);
        patch.write((byte) '\n');
        int prefix = boundaryBefore(commonPrefix());
        int suffix = commonSuffix(prefix);
        if (prefix >= WINDOW) {
            copy(0, prefix);
        }
        int end = suffix >= WINDOW ? target.length - suffix : target.length;
        if (end - done >= WINDOW && !compare(end)) {
            return null;
        }
        insert(end);
        if (end < target.length) {
            copy(base.length - suffix, suffix);
        }
        number(checksum());
        patch.write((byte) ';');
        return patch.size() < limit ? patch.toByteArray() : null;
    }

    /** Encodes the target up to an end by copies where there are any; {@code false} if the patch becomes too long. */
    private boolean compare(int end) {
        index();
        int at = done;
        while (at <= end - WINDOW) {
            find(at, end);
            if (copyLength >= WINDOW) {
                insert(copyTo);
                copy(copyFrom, copyLength);
                at = done;
            } else {
                at++;
            }
            if (patch.size() + (at - done) >= limit) {
                return false;
            }
        }
        return true;
    }

    /** Indexes windows of the base, so that those nearer to its beginning are found first. */
    private void index() {
        for (int number = next.length - 1; number > 0; number--) {
            int slot = slot((long) LONGS.get(base, (number - 1) * step));
            next[number] = first[slot];
            first[slot] = number;
        }
    }

    private int slot(long window) {
        return (int) (window * 0x9E3779B97F4A7C15L >>> shift);
    }

    /** Finds the longest copy among the places of the base whose window is that of a place of the target. */
    private void find(int at, int end) {
        copyLength = 0;
        long window = (long) LONGS.get(target, at);
        int number = first[slot(window)];
        for (int i = 0; number != 0 && i < MAX_CANDIDATES && copyLength < LONG_MATCH; i++) {
            int from = (number - 1) * step;
            if ((long) LONGS.get(base, from) == window) {
                extend(from, at, end);
            }
            number = next[number];
        }
    }

    /** Extends equal windows in both directions, and keeps them if they are longer than what was found. */
    private void extend(int from, int at, int end) {
        int most = Math.min(end - at, base.length - from);
        int length = WINDOW + mismatch(from + WINDOW, at + WINDOW, most - WINDOW);
        int before = 0;
        int mostBefore = Math.min(at - done, from);
        while (before < mostBefore && base[from - before - 1] == target[at - before - 1]) {
            before++;
        }
        int start = boundaryAfter(at - before);
        int stop = boundaryBefore(at + length);
        if (stop - start > copyLength) {
            copyFrom = from - (at - start);
            copyTo = start;
            copyLength = stop - start;
        }
    }

    private int mismatch(int from, int at, int most) {
        int equal = Arrays.mismatch(base, from, from + most, target, at, at + most);
        return equal < 0 ? most : equal;
    }

    private int commonPrefix() {
        int equal = Arrays.mismatch(base, target);
        return equal < 0 ? target.length : equal;
    }

    /** Returns how many bytes both end with, behind a common prefix. */
    private int commonSuffix(int prefix) {
        int most = Math.min(base.length, target.length) - prefix;
        int suffix = 0;
        while (suffix < most && base[base.length - 1 - suffix] == target[target.length - 1 - suffix]) {
            suffix++;
        }
        return target.length - boundaryAfter(target.length - suffix);
    }

    /** Returns the place, or the beginning of the character that it is within. */
    private int boundaryBefore(int place) {
        int boundary = place;
        while (boundary > 0 && place - boundary < MOST_CONTINUATIONS && isWithinCharacter(boundary)) {
            boundary--;
        }
        return boundary;
    }

    /** Returns the place, or the end of the character that it is within. */
    private int boundaryAfter(int place) {
        int boundary = place;
        while (boundary - place < MOST_CONTINUATIONS && isWithinCharacter(boundary)) {
            boundary++;
        }
        return boundary;
    }

    private boolean isWithinCharacter(int place) {
        return place < target.length && (target[place] & 0xc0) == 0x80;
    }

    private void copy(int from, int length) {
        number(length);
        patch.write((byte) '@');
        number(from);
        patch.write((byte) ',');
        done += length;
    }

    private void insert(int end) {
        if (end > done) {
            number(end - done);
            patch.write((byte) ':');
            patch.write(target, done, end - done);
            done = end;
        }
    }

    private void number(int unsigned) {
        int digits = 1;
        for (int rest = unsigned >>> 6; rest != 0; rest >>>= 6) {
            digits++;
        }
        for (int i = digits - 1; i >= 0; i--) {
            patch.write(DIGITS[unsigned >>> 6 * i & 0x3f]);
        }
    }

    private int checksum() {
        int sum = 0;
        int at = 0;
        for (; at <= target.length - 4; at += 4) {
            sum += (int) INTS.get(target, at);
        }
        int last = 0;
        for (int shift = 24; at < target.length; shift -= 8) {
            last |= (target[at++] & 0xff) << shift;
        }
        return sum + last;
    }
}
