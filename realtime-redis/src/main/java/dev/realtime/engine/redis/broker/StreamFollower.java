package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.broker.Fingerprints.Verdict;
import dev.realtime.engine.redis.epoch.EpochNotes;
import dev.realtime.engine.redis.epoch.FollowedStream;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.spi.engine.BrokerListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Incoming messages of one channel on this node, put in order and completed before the listener is notified.
 *
 * <p>Pub/sub of Redis may lose messages; the stream has them. As long as each publication is the next, it is passed on
 * immediately. When one is not, or when the subscription was interrupted, the stream is read once for all subscribers
 * of the node:
 *
 * <pre>
 *   arrives       p5  p6       p9  p10 ......... p11
 *   read since 6               |---------------|  p7 p8 p9 p10
 *   held back                  p9  p10
 *   passed on     p5  p6                         p7 p8 p9 p10 p11
 * </pre>
 *
 * Only if the stream cannot help (trimmed, too long ago, another epoch) is the listener notified that something may
 * be missing.
 *
 * <p><b>State.</b> Two offsets are kept. {@code known}: every offset up to here has been delivered, is in flight, or
 * predates all subscribers. It is set by the first read of the stream after the subscription was confirmed, or by the
 * first publication. {@code passedOn}: the last publication that the listener received.
 *
 * <p><b>Order.</b> A publication up to {@code passedOn} is a repetition and dropped; one between the two is passed on
 * without a check of the offset before it. Any thread may call; events are handled one at a time, on the calling thread
 * or on the thread that is handling another one. No lock is held while the listener is called.
 *
 * <p><b>Failure.</b> A failed read is repeated after a pause. After an unexpected exception the listener is notified
 * that something may be missing, so that subscribers recover.
 */
public final class StreamFollower implements FollowedStream {

    /** Most publications that are handed on after a disturbance; with more missing, the subscribers recover instead. */
    static final int MAX_MISSING = 300;

    /** Most events that wait for the thread that is here already. */
    private static final int MAX_WAITING = 10_000;

    /** Reads in a row that may end with what was held back lost. */
    private static final int MAX_ROUNDS = 3;

    private static final Logger logger = LoggerFactory.getLogger(StreamFollower.class);

    private final String channel;

    private final RedisKeys.ChannelKeys keys;

    private final BrokerListener listener;

    private final StreamReader reader;

    private final EpochNotes epochs;

    private final RedisStatistics statistics;

    private final GarbageLog garbage;

    /** Events that wait, and the one that is handled. */
    private final AtomicInteger events = new AtomicInteger();

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** An event was dropped because too many waited. */
    private volatile boolean dropped;

    private volatile boolean closed;

    /** Number of interruptions of the subscription. */
    private final AtomicInteger interruptions = new AtomicInteger();

    // Touched by the event that is handled only.

    /** An epoch of which nothing is passed on any more, because it has ended; empty for none. */
    private String sealed = "";

    /** Epoch of both places; empty before it is known. Written by the event that is handled only. */
    private volatile String epoch = "";

    /** When {@link #known} was raised last. */
    private int knownAt;

    private long known;

    private long passedOn;

    private final Fingerprints fingerprints = new Fingerprints();

    /** Whether the stream is being read, so that publications are held back. */
    private boolean reading;

    private final HeldPublications held;

    /** The read in progress began too early to know all that was missed. */
    private boolean readAgain;

    private int rounds;

    StreamFollower(
            String channel,
            RedisKeys.ChannelKeys keys,
            BrokerListener listener,
            StreamReader reader,
            EpochNotes epochs,
            HoldbackBudget budget,
            RedisStatistics statistics,
            GarbageLog garbage) {
        this.channel = channel;
        this.keys = keys;
        this.listener = listener;
        this.reader = reader;
        this.epochs = epochs;
        this.held = new HeldPublications(budget);
        this.statistics = statistics;
        this.garbage = garbage;
    }

    @Override
    public String channel() {
        return channel;
    }

    @Override
    public RedisKeys.ChannelKeys keys() {
        return keys;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Nothing is passed on any more. */
    void close() {
        closed = true;
        handle(() -> {
            noteSeen();
            held.clear();
        });
    }

    /** Records how far this node saw the stream, which is needed after the last subscriber has left. */
    private void noteSeen() {
        if (!epoch.isEmpty()) {
            epochs.saw(this, new StreamPosition(known, epoch), knownAt);
        }
    }

    private void forgetPlace() {
        noteSeen();
        epoch = "";
        sealed = "";
    }

    /** A message arrived under the name of the channel. */
    void onMessage(byte[] message) {
        if (events.compareAndSet(0, 1)) {
            try {
                accept(message);
            } catch (Throwable failure) {
                failed(failure);
            }
            handleWaiting();
        } else if (events.get() < MAX_WAITING) {
            handle(() -> accept(message));
        } else {
            statistics.count(Event.DROPPED_MESSAGE);
            dropped = true;
        }
    }

    /** The subscription was interrupted: messages may have been missed. */
    void onInterruption() {
        interruptions.incrementAndGet();
        handle(this::interrupted);
    }

    /** Returns the number of interruptions, to be passed with the result of a read that starts now. */
    int interruptions() {
        return interruptions.get();
    }

    /**
     * Notes what a read of the stream found: where it ended, and which epochs it had. The first such place is that of
     * this follower. The follower follows into another epoch before the caller reads it.
     */
    void learn(StreamRead read, int interruptionsBefore) {
        StreamPosition position = read.position();
        if (position.epoch().equals(epoch) || position.epoch().isEmpty()) {
            return;
        }
        handle(() -> {
            if (epochs.hasEnded(position.epoch())) {
                // The reply of a server that was replaced: its epoch was sealed before this follower could be in it.
                return;
            }
            if (epoch.isEmpty()) {
                standAt(position);
                if (interruptions.get() != interruptionsBefore) {
                    check();
                }
            } else if (!reading && !epoch.equals(position.epoch())) {
                if (!goOn(read) || position.offset() != known) {
                    check();
                }
            }
        });
    }

    /** Handles the end of the stream, as found by a read of many streams. */
    void onPosition(StreamRead look, StreamPosition stoodAt) {
        handle(() -> compare(look, stoodAt));
    }

    @Override
    public void seal(String generation, Runnable then) {
        handle(() -> {
            try {
                if (epoch.startsWith(generation)) {
                    sealed = epoch;
                    noteSeen();
                    // Once it is subscribed again it has to check anyway.
                    if (!reading && !reader.isInterrupted(this)) {
                        check();
                    }
                }
            } finally {
                // The settlement waits for all followers.
                then.run();
            }
        });
    }

    /** The read that was asked for. */
    void onRead(StreamRead read) {
        handle(() -> {
            if (reading && epochs.hasEnded(read.position().epoch())) {
                // By a server that was replaced and does not know.
                reader.readLater(this, new StreamPosition(known, epoch));
            } else if (reading) {
                reading = false;
                mend(read);
                afterRead();
            }
        });
    }

    private void handle(Runnable event) {
        waiting.add(event);
        if (events.getAndIncrement() == 0) {
            handleNext();
            handleWaiting();
        }
    }

    /** Ends the event that was handled, and handles what came meanwhile. */
    private void handleWaiting() {
        while (events.decrementAndGet() != 0) {
            handleNext();
        }
    }

    private void handleNext() {
        Runnable next = waiting.poll();
        try {
            if (next != null) {
                next.run();
            }
            if (dropped) {
                dropped = false;
                interrupted();
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /** Never fails itself, as nothing would be handled any more. */
    private void failed(Throwable error) {
        try {
            logger.error("Channel '{}' failed because of a defect; its subscribers have to recover", channel, error);
            held.clear();
            reading = false;
            forgetPlace();
        } catch (Throwable another) {
            epoch = "";
            sealed = "";
        }
        notifyDisturbed();
    }

    private void accept(byte[] bytes) {
        if (closed) {
            return;
        }
        ChannelMessage message;
        try {
            message = ChannelMessage.read(bytes, epoch);
        } catch (UnreadableException e) {
            garbage.found(e.getMessage(), channel);
            return;
        }
        if (message instanceof ChannelMessage.Joined joined) {
            notifyListener(to -> to.onJoin(channel, joined.info()));
        } else if (message instanceof ChannelMessage.Left left) {
            notifyListener(to -> to.onLeave(channel, left.info()));
        } else if (message instanceof ChannelMessage.EpochBegun begun) {
            if (!begun.position().epoch().equals(epoch)) {
                interrupted();
            }
        } else if (message instanceof ChannelMessage.Published published) {
            String of = published.position().epoch();
            if (of.equals(sealed) || !of.equals(epoch)) {
                if (epochs.hasEnded(of)) {
                    return;
                }
                if (of.equals(sealed)) {
                    sealed = "";
                }
            }
            if (reading) {
                hold(published, bytes.length);
            } else if (!place(published)) {
                hold(published, bytes.length);
                read();
            }
        }
    }

    /** Passes a publication on, or drops it as a repetition; {@code false} if something before it is missing. */
    private boolean place(ChannelMessage.Published message) {
        StreamPosition position = message.position();
        long offset = position.offset();
        if (offset == 0) {
            passOn(message.publication(), position);
            return true;
        }
        if (epoch.isEmpty()) {
            if (epochs.hasEnded(position.epoch())) {
                return true;
            }
            epoch = position.epoch();
            known = offset - 1;
            knownAt = epochs.tick();
            passedOn = known;
        } else if (!epoch.equals(position.epoch())) {
            return false;
        }
        if (offset > known + 1) {
            return false;
        }
        if (offset > passedOn) {
            passedOn = offset;
            if (offset > known) {
                known = offset;
                knownAt = epochs.tick();
            }
            passOn(message.publication(), position);
            return true;
        }
        return isRepetition(message.publication());
    }

    /**
     * Whether a publication with a place that was passed on already is the one that was; {@code false} if the stream
     * has to be read.
     */
    private boolean isRepetition(Publication publication) {
        Verdict verdict = fingerprints.compare(publication);
        if (verdict == Verdict.ANOTHER) {
            epochs.rolledBack(this, epoch);
        }
        return verdict == Verdict.SAME;
    }

    private void passOn(Publication publication, StreamPosition position) {
        if (position.offset() != 0) {
            fingerprints.add(publication);
        }
        notifyListener(to -> to.onPublication(channel, publication, position));
    }

    private void notifyListener(Consumer<BrokerListener> event) {
        if (closed) {
            return;
        }
        try {
            event.accept(listener);
        } catch (Throwable failure) {
            logger.error("The listener of the broker failed on channel '{}' because of a defect", channel, failure);
        }
    }

    private void notifyDisturbed() {
        statistics.count(Event.RESYNC_INCOMPLETE);
        notifyListener(to -> to.onDisturbance(List.of(channel)));
    }

    private void standAt(StreamPosition position) {
        epoch = position.epoch();
        known = position.offset();
        knownAt = epochs.tick();
        passedOn = 0;
    }

    private void interrupted() {
        if (reading) {
            readAgain = true;
        } else if (!epoch.isEmpty()) {
            // Messages in flight are lost: one that arrives now with an offset up to here existed before, or Redis was
            // rolled back.
            passedOn = known;
            check();
        }
    }

    private void check() {
        reader.check(this, new StreamPosition(known, epoch));
    }

    private void compare(StreamRead look, StreamPosition stoodAt) {
        if (reading || epoch.isEmpty() || closed) {
            return;
        }
        StreamPosition top = look.position();
        if (epochs.hasEnded(top.epoch())) {
            // By a server that was replaced and does not know.
            reader.checkLater(this, new StreamPosition(known, epoch));
            return;
        }
        if (!top.epoch().equals(epoch) && goOn(look) && top.offset() == known) {
            statistics.count(Event.RESYNC_COMPLETE);
            return;
        }
        // What was passed on since the look is not in it, so a top below the present place is no rollback.
        boolean whole = top.epoch().equals(epoch) && top.offset() <= known && top.offset() >= stoodAt.offset();
        if (whole) {
            statistics.count(Event.RESYNC_COMPLETE);
        } else {
            read();
        }
    }

    /**
     * Continues in the present epoch of the stream, if it continued from here, and takes the subscribers along. Whether
     * something was lost beyond the end of an epoch is not known yet; if so, it is noted in the stream later, which
     * ends the epoch.
     */
    private boolean goOn(StreamRead read) {
        List<StreamPosition> ends = PastEpoch.endsSince(read.past(), new StreamPosition(known, epoch));
        if (ends.isEmpty()) {
            return false;
        }
        epochs.epochEnded(this, new StreamPosition(known, epoch), knownAt, read.past());
        for (int i = 0; i < ends.size(); i++) {
            StreamPosition end = ends.get(i);
            String next = i + 1 < ends.size()
                    ? ends.get(i + 1).epoch()
                    : read.position().epoch();
            notifyListener(to -> to.onEpochContinued(channel, end, next));
        }
        String from = epoch;
        epoch = read.position().epoch();
        sealed = "";
        epochs.epochContinued(this, from, read);
        return true;
    }

    private void read() {
        reading = true;
        readAgain = false;
        held.readBegins();
        reader.read(this, new StreamPosition(known, epoch));
    }

    private void hold(ChannelMessage.Published message, int length) {
        int lost = held.add(message, length);
        if (lost > 0) {
            statistics.count(Event.DROPPED_MESSAGE, lost);
        }
    }

    /** Delivers what the stream has and the listener lacks, or notifies the listener that it cannot. */
    private void mend(StreamRead read) {
        StreamPosition top = read.position();
        List<Publication> missing = after(known, read.publications());
        boolean sameEpoch = top.epoch().equals(epoch);
        boolean whole = missing.isEmpty()
                ? top.offset() == known
                : missing.size() <= MAX_MISSING
                        && missing.get(0).offset() == known + 1
                        && missing.get(missing.size() - 1).offset() == top.offset();
        boolean rolledBack = sameEpoch && !epoch.isEmpty() && isRolledBack(read);
        boolean continued = sameEpoch ? !rolledBack : whole && goOn(read);
        if (rolledBack) {
            noteSeen();
            epochs.rolledBack(this, epoch);
        } else if (!continued && !top.epoch().isEmpty()) {
            epochs.epochEnded(this, new StreamPosition(known, epoch), knownAt, read.past());
        } else if (!continued) {
            noteSeen();
        }
        if (!continued) {
            passedOn = 0;
            fingerprints.clear();
        }
        epoch = top.epoch();
        if (whole && continued) {
            for (Publication publication : missing) {
                passedOn = publication.offset();
                passOn(publication, new StreamPosition(publication.offset(), epoch));
            }
        }
        known = top.offset();
        knownAt = epochs.tick();
        if (whole && continued) {
            statistics.count(Event.RESYNC_COMPLETE);
        } else {
            passedOn = Math.min(passedOn, known);
            notifyDisturbed();
        }
    }

    private static List<Publication> after(long offset, List<Publication> publications) {
        return !publications.isEmpty() && publications.get(0).offset() <= offset
                ? publications.subList(1, publications.size())
                : publications;
    }

    /**
     * Whether the stream, though of the same epoch, is not what was seen of it: shorter, or another at the last place.
     */
    private boolean isRolledBack(StreamRead read) {
        if (read.position().offset() < known) {
            return true;
        }
        List<Publication> publications = read.publications();
        return !publications.isEmpty() && fingerprints.compare(publications.get(0)) == Verdict.ANOTHER;
    }

    /** Passes on what was held back, up to where something is missing again. */
    private void afterRead() {
        if (held.takeOverflow()) {
            if (++rounds < MAX_ROUNDS) {
                read();
                return;
            }
            readAgain = false;
            forgetPlace();
            notifyDisturbed();
        }
        rounds = 0;
        for (ChannelMessage.Published next = held.first(); next != null; next = held.first()) {
            boolean arrivedBeforeRead = held.nextArrivedBeforeRead();
            if (!place(next) && !arrivedBeforeRead) {
                read();
                return;
            }
            // One that came before the read, and which the stream does not know, is of a history that was rolled back.
            held.removeFirst();
        }
        if (readAgain) {
            read();
        }
    }
}
