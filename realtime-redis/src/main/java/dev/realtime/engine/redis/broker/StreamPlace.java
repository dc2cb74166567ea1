package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.broker.Fingerprints.Verdict;
import dev.realtime.engine.redis.stream.StreamRead;
import java.util.List;

/**
 * Place of this node in the stream of one channel. Written by the event that is handled only.
 *
 * <p><b>State.</b> Two offsets are kept. {@code known}: every offset up to here has been delivered, is in flight, or
 * predates all subscribers. It is set by the first read of the stream after the subscription was confirmed, or by the
 * first publication. {@code passedOn}: the last publication that the listener received.
 *
 * <p><b>Order.</b> A publication up to {@code passedOn} is a repetition, or the sign of a rollback; one between the two
 * is passed on without a check of the offset before it; one behind {@code known} must be the next.
 */
final class StreamPlace {

    /** Relation of a publication to this place. */
    enum Step {
        /** It is to be passed on; the place includes it. */
        NEXT,
        /** It was passed on before. */
        REPETITION,
        /** Another one was passed on at its offset: Redis was rolled back. */
        CONTRADICTION,
        /** The stream has to be read first: something before it is missing, or it is of another epoch. */
        GAP
    }

    /** Epoch of both offsets; empty before it is known. */
    private volatile String epoch = "";

    private long known;

    /** Moment at which {@link #known} was raised last. */
    private int knownAt;

    private long passedOn;

    private final Fingerprints fingerprints = new Fingerprints();

    String epoch() {
        return epoch;
    }

    boolean isKnown() {
        return !epoch.isEmpty();
    }

    /** Returns up to where everything is known. */
    StreamPosition position() {
        return new StreamPosition(known, epoch);
    }

    long offset() {
        return known;
    }

    int knownAt() {
        return knownAt;
    }

    void forget() {
        epoch = "";
    }

    /** Begins at the end of a stream, of which nothing was passed on. */
    void begin(StreamPosition position, int now) {
        epoch = position.epoch();
        known = position.offset();
        knownAt = now;
        passedOn = 0;
    }

    /** Begins before the first publication that arrived. */
    void beginBefore(StreamPosition position, int now) {
        begin(new StreamPosition(position.offset() - 1, position.epoch()), now);
        passedOn = known;
    }

    /**
     * Takes a publication with an offset.
     *
     * @param now the present moment
     */
    Step step(Publication publication, StreamPosition position, int now) {
        long offset = position.offset();
        if (!epoch.equals(position.epoch()) || offset > known + 1) {
            return Step.GAP;
        }
        if (offset > passedOn) {
            passedOn = offset;
            if (offset > known) {
                known = offset;
                knownAt = now;
            }
            fingerprints.add(publication);
            return Step.NEXT;
        }
        return switch (fingerprints.compare(publication)) {
            case SAME -> Step.REPETITION;
            case ANOTHER -> Step.CONTRADICTION;
            case UNKNOWN -> Step.GAP;
        };
    }

    /**
     * Forgets messages in flight, which are lost: one that arrives now with an offset up to here existed before, or
     * Redis was rolled back.
     */
    void interrupted() {
        passedOn = known;
    }

    /** Moves to the next epoch of a stream that continued from here. */
    void enter(String next) {
        epoch = next;
    }

    /** Forgets what was passed on: it was of a stream that did not continue. */
    void startOver() {
        passedOn = 0;
        fingerprints.clear();
    }

    /** Notes that a publication of the stream is passed on. */
    void passOn(Publication publication) {
        passedOn = publication.offset();
        fingerprints.add(publication);
    }

    /**
     * Moves to the end of a stream that was read.
     *
     * @param complete whether everything up to there was passed on, or predates this node
     */
    void moveTo(StreamPosition top, int now, boolean complete) {
        epoch = top.epoch();
        known = top.offset();
        knownAt = now;
        if (!complete) {
            passedOn = Math.min(passedOn, known);
        }
    }

    /** Returns the publications behind this place, of a read that began at it. */
    List<Publication> missing(StreamRead read) {
        List<Publication> publications = read.publications();
        return !publications.isEmpty() && publications.get(0).offset() <= known
                ? publications.subList(1, publications.size())
                : publications;
    }

    /** Returns whether nothing lacks between this place and the end of a stream. */
    boolean isReachedBy(List<Publication> missing, StreamPosition top) {
        return missing.isEmpty()
                ? top.offset() == known
                : missing.get(0).offset() == known + 1
                        && missing.get(missing.size() - 1).offset() == top.offset();
    }

    /**
     * Returns whether the stream, though of the same epoch, is not what was seen of it: shorter, or another at the last
     * place.
     */
    boolean isRolledBack(StreamRead read) {
        if (!isKnown() || !read.position().epoch().equals(epoch)) {
            return false;
        }
        if (read.position().offset() < known) {
            return true;
        }
        List<Publication> publications = read.publications();
        return !publications.isEmpty() && fingerprints.compare(publications.get(0)) == Verdict.ANOTHER;
    }
}
