package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.epoch.EpochNotes;
import dev.realtime.engine.redis.epoch.FollowedStream;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** The stream of one channel as a list, and reads of it that end when the test says so. */
public final class ScriptedReads implements StreamReader, EpochNotes {

    private static final long ROOM = 1L << 40;

    private final List<Publication> kept = new ArrayList<>();

    /** Text of every publication of the stream, kept or trimmed; offset 1 first. */
    private final List<String> journal = new ArrayList<>();

    private final List<PastEpoch> past = new ArrayList<>();

    private String epoch = "e1";

    private long top;

    /** Reads that have read the stream and got no reply yet. */
    private final Queue<Runnable> answers = new ArrayDeque<>();

    /** Reads that wait for a moment to pass. */
    private final Queue<Runnable> later = new ArrayDeque<>();

    final List<StreamPosition> seen = new ArrayList<>();

    private int reads;

    private int checks;

    final HoldbackBudget budget = new HoldbackBudget(ROOM);

    private long blocked;

    /** Whether an interruption is still to be reported. */
    boolean interrupted;

    /** Epochs of generations that have ended. */
    final Set<String> over = new HashSet<>();

    final List<String> rolledBack = new ArrayList<>();

    final List<StreamPosition> ended = new ArrayList<>();

    final List<String> continuedFrom = new ArrayList<>();

    /**
     * Appends a publication with a text that names its place; returns what is published under the name of the channel.
     */
    byte[] append() {
        return append(epoch);
    }

    /** The same with another text. */
    byte[] append(String text) {
        top++;
        Publication publication = publication(text, top);
        kept.add(publication);
        journal.add(publication.data().text());
        return message(epoch, top, text);
    }

    /** Comes back without the latest, as if nothing had been. */
    void loseTail(int lost) {
        for (int i = 0; i < lost; i++) {
            kept.remove(kept.size() - 1);
            journal.remove(journal.size() - 1);
            top--;
        }
    }

    public static Publication publication(String epoch, long offset) {
        return Publication.of(Payload.ofText("\"" + epoch + "-" + offset + "\""))
                .at(offset);
    }

    public static byte[] message(String epoch, long offset) {
        return message(epoch, offset, epoch);
    }

    public static byte[] message(String epoch, long offset, String text) {
        BinaryOutput message = new BinaryOutput(64);
        message.bytes(("p" + offset + ":" + epoch + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return message.bytes(PublicationFormat.write(publication(text, offset))).toBytes();
    }

    /** Keeps only the latest. */
    void trim(int most) {
        while (kept.size() > most) {
            kept.remove(0);
        }
    }

    /** Continues in another generation, which lacks the latest of the former. */
    void rollBack(int lost, String nextEpoch) {
        loseTail(lost);
        past.add(new PastEpoch(epoch, top, PastEpoch.UNSETTLED));
        epoch = nextEpoch;
    }

    /** It is found, and noted, that the former generation had more. */
    void noteLoss(String nextEpoch) {
        past.replaceAll(ended -> new PastEpoch(ended.epoch(), ended.boundary(), ended.boundary() + 1));
        past.add(new PastEpoch(epoch, top, Long.MAX_VALUE));
        epoch = nextEpoch;
    }

    /** Begins from nothing. */
    void begin(String nextEpoch) {
        kept.clear();
        journal.clear();
        past.clear();
        top = 0;
        epoch = nextEpoch;
    }

    /** Returns what a subscriber at that offset still has to receive. */
    List<String> after(long offset) {
        return journal.subList((int) offset, journal.size());
    }

    int kept() {
        return kept.size();
    }

    StreamPosition position() {
        return new StreamPosition(top, epoch);
    }

    /** Returns the result of a read of the stream. */
    StreamRead end() {
        return new StreamRead(List.of(), position(), List.copyOf(past));
    }

    @Override
    public void check(StreamFollower follower, StreamPosition checkedFrom) {
        checks++;
        StreamRead end = end();
        answers.add(() -> follower.onPosition(end, checkedFrom));
    }

    @Override
    public void read(StreamFollower follower, StreamPosition since) {
        reads++;
        List<Publication> after = kept.stream()
                .filter(publication -> publication.offset() >= since.offset())
                .limit(StreamFollower.MAX_MISSING + 2)
                .toList();
        StreamRead read = new StreamRead(after, position(), List.copyOf(past));
        answers.add(() -> follower.onRead(read));
    }

    @Override
    public boolean isInterrupted(StreamFollower follower) {
        return interrupted;
    }

    @Override
    public void checkLater(StreamFollower follower, StreamPosition checkedFrom) {
        later.add(() -> check(follower, checkedFrom));
    }

    @Override
    public int tick() {
        return 1;
    }

    @Override
    public boolean hasEnded(String ofEpoch) {
        return over.contains(ofEpoch);
    }

    @Override
    public void epochEnded(FollowedStream follower, StreamPosition position, int when, List<PastEpoch> past) {
        ended.add(position);
    }

    @Override
    public void epochContinued(FollowedStream follower, String from, StreamRead read) {
        continuedFrom.add(from + " in " + follower.epoch());
    }

    @Override
    public void rolledBack(FollowedStream follower, String epoch) {
        rolledBack.add(epoch);
    }

    @Override
    public void readLater(StreamFollower follower, StreamPosition since) {
        later.add(() -> read(follower, since));
    }

    @Override
    public void saw(FollowedStream follower, StreamPosition position, int when) {
        seen.add(position);
    }

    /** Lets the moment pass after which something is read again. */
    void passMoment() {
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
        }
    }

    /** Leaves only this room for what is held back. */
    void room(long bytes) {
        blocked = ROOM - bytes - budget.held();
        budget.reserve(blocked);
    }

    long reserved() {
        return budget.held() - blocked;
    }

    int reads() {
        return reads;
    }

    int checks() {
        return checks;
    }

    boolean isAsked() {
        return !answers.isEmpty();
    }

    /** Lets the oldest read end; {@code false} if there is none. */
    boolean answer() {
        Runnable answer = answers.poll();
        if (answer == null) {
            return false;
        }
        answer.run();
        return true;
    }

    /** Lets all reads end, also those that they lead to. */
    void answerAll() {
        for (int i = 0; answer(); i++) {
            if (i > 10_000) {
                throw new IllegalStateException("The follower reads without end");
            }
        }
    }
}
