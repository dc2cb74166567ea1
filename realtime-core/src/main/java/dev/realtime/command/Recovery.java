package dev.realtime.command;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.delta.DeltaPublications;
import java.util.List;
import java.util.function.Predicate;

/**
 * Publications that a client gets when it comes back, by the rules of the reference server: in a stream all it missed
 * or nothing, in a cache the latest publication.
 *
 * @param recovered whether nothing is missing after {@code publications}
 * @param publications for the client, oldest first; empty unless recovered
 */
record Recovery(boolean recovered, List<Publication> publications) {

    static final Recovery NOT_RECOVERED = new Recovery(false, List.of());

    private static final Recovery NOTHING_MISSED = new Recovery(true, List.of());

    /** Returns everything after {@code since}, or nothing. An epoch that the stream continued counts as its own. */
    static Recovery ofStream(StreamPosition since, HistoryResult history) {
        StreamPosition top = history.position();
        if (!history.continues(since)) {
            return NOT_RECOVERED;
        }
        List<Publication> publications = history.publications();
        if (publications.isEmpty()) {
            return since.offset() == top.offset() ? NOTHING_MISSED : NOT_RECOVERED;
        }
        boolean whole = publications.get(0).offset() == since.offset() + 1
                && publications.get(publications.size() - 1).offset() == top.offset();
        return whole ? new Recovery(true, publications) : NOT_RECOVERED;
    }

    /**
     * Returns the latest publication that the client may get, unless it has it; the epoch of the client does not
     * matter. A client at offset 0 has nothing, so that an empty cache does not give it the state.
     *
     * @param history latest publications, the newest first
     * @param passes what the client may get
     */
    static Recovery ofCache(StreamPosition since, HistoryResult history, Predicate<Publication> passes) {
        StreamPosition top = history.position();
        if (since.offset() != 0 && since.equals(top)) {
            return NOTHING_MISSED;
        }
        List<Publication> publications = history.publications();
        boolean cached = !publications.isEmpty() && publications.get(0).offset() == top.offset();
        for (int i = 0; cached && i < publications.size(); i++) {
            Publication publication = publications.get(i);
            if (passes.test(publication)) {
                boolean known =
                        publication.offset() == since.offset() && top.epoch().equals(since.epoch());
                return known ? NOTHING_MISSED : new Recovery(true, List.of(publication));
            }
        }
        return NOT_RECOVERED;
    }

    /**
     * Returns the same as it is written to a client.
     *
     * @param deltas whether publications may be sent as differences
     */
    Recovery writtenTo(ProtocolType protocol, boolean deltas) {
        return deltas && !publications.isEmpty()
                ? new Recovery(recovered, DeltaPublications.batch(protocol, publications))
                : this;
    }

    /** Returns whether the last of the publications is at the top of the stream. */
    boolean reaches(StreamPosition top) {
        return !publications.isEmpty()
                && publications.get(publications.size() - 1).offset() == top.offset();
    }

    /** Returns the same without the publications that the client may not get. */
    Recovery filteredBy(Predicate<Publication> passes) {
        for (Publication publication : publications) {
            if (!passes.test(publication)) {
                return new Recovery(
                        recovered, publications.stream().filter(passes).toList());
            }
        }
        return this;
    }
}
