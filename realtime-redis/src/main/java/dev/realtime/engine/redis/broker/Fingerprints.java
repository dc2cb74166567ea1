package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.Publication;
import java.util.zip.CRC32C;

/**
 * Fingerprints of the last publications of one channel. A publication that comes with an offset that was there already
 * is a late repetition if it is the same, and the sign of a rollback if it is another: Redis came back with older data
 * and gives places away a second time. The only net where the generation of Redis must not be read, and the second
 * where it may.
 *
 * <p>Remembers the last {@value #REMEMBERED}. Two different publications are taken for the same once in four thousand
 * million times. Owned by the follower of the channel.
 */
public final class Fingerprints {

    static final int REMEMBERED = 16;

    /** Result of comparing a publication that arrived. */
    enum Verdict {
        SAME,
        ANOTHER,
        UNKNOWN
    }

    /** By offset, modulo their number. Made with the first publication: most channels never have one. */
    private int[] prints = {};

    /** Those from here to {@link #last} are remembered; beyond the last if there are none. */
    private long first = 1;

    private long last;

    /** Nothing is known any more: another epoch. */
    void clear() {
        first = 1;
        last = 0;
    }

    /** A publication is passed on. Those before are forgotten unless it is the next. */
    void add(Publication publication) {
        long offset = publication.offset();
        if (prints.length == 0) {
            prints = new int[REMEMBERED];
        }
        if (offset != last + 1) {
            first = offset;
        }
        last = offset;
        first = Math.max(first, last - REMEMBERED + 1);
        prints[(int) (offset % REMEMBERED)] = of(publication);
    }

    Verdict compare(Publication publication) {
        long offset = publication.offset();
        if (offset < first || offset > last) {
            return Verdict.UNKNOWN;
        }
        return prints[(int) (offset % REMEMBERED)] == of(publication) ? Verdict.SAME : Verdict.ANOTHER;
    }

    private static int of(Publication publication) {
        CRC32C checksum = new CRC32C();
        checksum.update(publication.data().bytes());
        int print = (int) checksum.getValue();
        if (publication.info() != null || !publication.tags().isEmpty()) {
            print = 31 * print + publication.tags().hashCode();
            print = 31 * print
                    + (publication.info() == null ? 0 : publication.info().hashCode());
        }
        return print;
    }
}
