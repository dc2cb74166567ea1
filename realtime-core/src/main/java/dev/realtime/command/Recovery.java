package dev.realtime.command;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.List;

/**
 * Decides what a client that comes back gets, by the rules of the reference server: in a stream all it missed or
 * nothing, in a cache the latest publication.
 */
final class Recovery {

    private Recovery() {}

    /**
     * Decision about a recovery.
     *
     * @param recovered whether nothing is missing after {@code publications}
     * @param publications for the client, oldest first; empty unless recovered
     */
    record Outcome(boolean recovered, List<Publication> publications) {

        private static final Outcome NOTHING_MISSED = new Outcome(true, List.of());

        private static final Outcome NOT_RECOVERED = new Outcome(false, List.of());
    }

    static HistoryQuery streamQuery(StreamPosition since, int maxPublications) {
        return HistoryQuery.after(since, maxPublications);
    }

    static HistoryQuery cacheQuery() {
        return HistoryQuery.latest(1);
    }

    /** Everything after {@code since}, or nothing. An epoch that the stream continued counts as its own. */
    static Outcome ofStream(StreamPosition since, HistoryResult history) {
        StreamPosition top = history.position();
        if (!history.continues(since)) {
            return Outcome.NOT_RECOVERED;
        }
        List<Publication> publications = history.publications();
        if (publications.isEmpty()) {
            return since.offset() == top.offset() ? Outcome.NOTHING_MISSED : Outcome.NOT_RECOVERED;
        }
        boolean whole = publications.get(0).offset() == since.offset() + 1
                && publications.get(publications.size() - 1).offset() == top.offset();
        return whole ? new Outcome(true, publications) : Outcome.NOT_RECOVERED;
    }

    /**
     * Returns the latest publication, unless the client has it; the epoch of the client does not matter. A client at
     * offset 0 has nothing, so that an empty cache does not give it the state.
     */
    static Outcome ofCache(StreamPosition since, HistoryResult history) {
        StreamPosition top = history.position();
        if (since.offset() != 0 && since.equals(top)) {
            return Outcome.NOTHING_MISSED;
        }
        List<Publication> publications = history.publications();
        boolean cached = !publications.isEmpty() && publications.get(0).offset() == top.offset();
        return cached ? new Outcome(true, publications) : Outcome.NOT_RECOVERED;
    }
}
