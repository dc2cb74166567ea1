package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
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
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p><b>State and order.</b> {@link StreamPlace} says which publication is the next and which is a repetition. Any
 * thread may call; {@link FollowerEvents} are handled one at a time. No lock is held while the listener is called.
 *
 * <p><b>Failure.</b> A failed read is repeated after a pause. After an unexpected exception the listener is notified
 * that something may be missing, so that subscribers recover.
 */
public final class StreamFollower implements FollowedStream {

    /** Most publications that are handed on after a disturbance; with more missing, the subscribers recover instead. */
    static final int MAX_MISSING = 300;

    /** Reads in a row that may end with what was held back lost. */
    private static final int MAX_ROUNDS = 3;

    private static final Logger logger = LoggerFactory.getLogger(StreamFollower.class);

    private final RedisKeys.ChannelKeys keys;

    private final ChannelDelivery delivery;

    private final StreamReader reader;

    private final EpochNotes epochs;

    private final RedisStatistics statistics;

    private final GarbageLog garbage;

    private final FollowerEvents events = new FollowerEvents(new FollowerEvents.Handler() {

        @Override
        public void message(byte[] message) {
            accept(message);
        }

        @Override
        public void messagesDropped() {
            interrupted();
        }

        @Override
        public void failed(Throwable error) {
            afterDefect(error);
        }
    });

    /** Number of interruptions of the subscription. */
    private final AtomicInteger interruptions = new AtomicInteger();

    // Touched by the event that is handled only.

    /** An epoch of which nothing is passed on any more, because it has ended; empty for none. */
    private String sealed = "";

    private final StreamPlace place = new StreamPlace();

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
        this.keys = keys;
        this.delivery = new ChannelDelivery(channel, listener, statistics);
        this.reader = reader;
        this.epochs = epochs;
        this.held = new HeldPublications(budget);
        this.statistics = statistics;
        this.garbage = garbage;
    }

    @Override
    public String channel() {
        return delivery.channel();
    }

    @Override
    public RedisKeys.ChannelKeys keys() {
        return keys;
    }

    @Override
    public String epoch() {
        return place.epoch();
    }

    @Override
    public boolean isClosed() {
        return delivery.isClosed();
    }

    /** Nothing is passed on any more. */
    void close() {
        delivery.close();
        events.handle(() -> {
            noteSeen();
            held.clear();
        });
    }

    /** Records how far this node saw the stream, which is needed after the last subscriber has left. */
    private void noteSeen() {
        if (place.isKnown()) {
            epochs.saw(this, place.position(), place.knownAt());
        }
    }

    private void forgetPlace() {
        noteSeen();
        place.forget();
        sealed = "";
    }

    /** A message arrived under the name of the channel. */
    void onMessage(byte[] message) {
        if (!events.message(message)) {
            statistics.count(Event.DROPPED_MESSAGE);
        }
    }

    /** The subscription was interrupted: messages may have been missed. */
    void onInterruption() {
        interruptions.incrementAndGet();
        events.handle(this::interrupted);
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
        if (position.epoch().equals(place.epoch()) || position.epoch().isEmpty()) {
            return;
        }
        events.handle(() -> {
            if (epochs.hasEnded(position.epoch())) {
                // The reply of a server that was replaced: its epoch was sealed before this follower could be in it.
                return;
            }
            if (!place.isKnown()) {
                place.begin(position, epochs.tick());
                if (interruptions.get() != interruptionsBefore) {
                    check();
                }
            } else if (!reading && !place.epoch().equals(position.epoch())) {
                if (!continueIn(read) || position.offset() != place.offset()) {
                    check();
                }
            }
        });
    }

    /** Handles the end of the stream, as found by a read of many streams. */
    void onPosition(StreamRead found, StreamPosition checkedFrom) {
        events.handle(() -> compare(found, checkedFrom));
    }

    @Override
    public void seal(String generation, Runnable then) {
        events.handle(() -> {
            try {
                if (place.epoch().startsWith(generation)) {
                    sealed = place.epoch();
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
        events.handle(() -> {
            if (reading && epochs.hasEnded(read.position().epoch())) {
                // By a server that was replaced and does not know.
                reader.readLater(this, place.position());
            } else if (reading) {
                reading = false;
                mend(read);
                afterRead();
            }
        });
    }

    /** Never fails itself, as nothing would be handled any more. */
    private void afterDefect(Throwable error) {
        try {
            logger.error("Channel '{}' failed because of a defect; its subscribers have to recover", channel(), error);
            held.clear();
            reading = false;
            forgetPlace();
        } catch (Throwable another) {
            place.forget();
            sealed = "";
        }
        delivery.disturbance();
    }

    private void accept(byte[] bytes) {
        if (isClosed()) {
            return;
        }
        ChannelMessage message;
        try {
            message = ChannelMessage.read(bytes, place.epoch());
        } catch (UnreadableException e) {
            garbage.found(e.getMessage(), channel());
            return;
        }
        if (message instanceof ChannelMessage.Joined joined) {
            delivery.join(joined.info());
        } else if (message instanceof ChannelMessage.Left left) {
            delivery.leave(left.info());
        } else if (message instanceof ChannelMessage.EpochBegun begun) {
            if (!begun.position().epoch().equals(place.epoch())) {
                interrupted();
            }
        } else if (message instanceof ChannelMessage.Published published) {
            String of = published.position().epoch();
            if (of.equals(sealed) || !of.equals(place.epoch())) {
                if (epochs.hasEnded(of)) {
                    return;
                }
                if (of.equals(sealed)) {
                    sealed = "";
                }
            }
            if (reading) {
                hold(published, bytes.length);
            } else if (!passOnOrDrop(published)) {
                hold(published, bytes.length);
                read();
            }
        }
    }

    /** Passes a publication on, or drops it as a repetition; {@code false} if something before it is missing. */
    private boolean passOnOrDrop(ChannelMessage.Published message) {
        StreamPosition position = message.position();
        if (position.offset() == 0) {
            delivery.publication(message.publication(), position);
            return true;
        }
        if (!place.isKnown()) {
            if (epochs.hasEnded(position.epoch())) {
                return true;
            }
            place.beginBefore(position, epochs.tick());
        }
        switch (place.step(message.publication(), position, epochs.tick())) {
            case NEXT -> delivery.publication(message.publication(), position);
            case REPETITION -> {
                // The listener has it.
            }
            case CONTRADICTION -> {
                epochs.rolledBack(this, place.epoch());
                return false;
            }
            case GAP -> {
                return false;
            }
        }
        return true;
    }

    private void interrupted() {
        if (reading) {
            readAgain = true;
        } else if (place.isKnown()) {
            place.interrupted();
            check();
        }
    }

    private void check() {
        reader.check(this, place.position());
    }

    private void compare(StreamRead found, StreamPosition checkedFrom) {
        if (reading || !place.isKnown() || isClosed()) {
            return;
        }
        StreamPosition top = found.position();
        if (epochs.hasEnded(top.epoch())) {
            // By a server that was replaced and does not know.
            reader.checkLater(this, place.position());
            return;
        }
        if (!top.epoch().equals(place.epoch()) && continueIn(found) && top.offset() == place.offset()) {
            statistics.count(Event.RESYNC_COMPLETE);
            return;
        }
        // What was passed on since the check is not in it, so a top below the present place is no rollback.
        boolean whole = top.epoch().equals(place.epoch())
                && top.offset() <= place.offset()
                && top.offset() >= checkedFrom.offset();
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
    private boolean continueIn(StreamRead read) {
        List<StreamPosition> ends = PastEpoch.endsSince(read.past(), place.position());
        if (ends.isEmpty()) {
            return false;
        }
        epochs.epochEnded(this, place.position(), place.knownAt(), read.past());
        for (int i = 0; i < ends.size(); i++) {
            StreamPosition end = ends.get(i);
            String next = i + 1 < ends.size()
                    ? ends.get(i + 1).epoch()
                    : read.position().epoch();
            delivery.epochContinued(end, next);
        }
        String from = place.epoch();
        place.enter(read.position().epoch());
        sealed = "";
        epochs.epochContinued(this, from, read);
        return true;
    }

    private void read() {
        reading = true;
        readAgain = false;
        held.readBegins();
        reader.read(this, place.position());
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
        List<Publication> missing = place.missing(read);
        boolean whole = missing.size() <= MAX_MISSING && place.isReachedBy(missing, top);
        boolean sameEpoch = top.epoch().equals(place.epoch());
        boolean rolledBack = place.isRolledBack(read);
        boolean continued = sameEpoch ? !rolledBack : whole && continueIn(read);
        if (rolledBack) {
            noteSeen();
            epochs.rolledBack(this, place.epoch());
        } else if (!continued && !top.epoch().isEmpty()) {
            epochs.epochEnded(this, place.position(), place.knownAt(), read.past());
        } else if (!continued) {
            noteSeen();
        }
        if (!continued) {
            place.startOver();
        }
        place.enter(top.epoch());
        if (whole && continued) {
            for (Publication publication : missing) {
                place.passOn(publication);
                delivery.publication(publication, new StreamPosition(publication.offset(), top.epoch()));
            }
        }
        place.moveTo(top, epochs.tick(), whole && continued);
        if (whole && continued) {
            statistics.count(Event.RESYNC_COMPLETE);
        } else {
            delivery.disturbance();
        }
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
            delivery.disturbance();
        }
        rounds = 0;
        for (ChannelMessage.Published next = held.first(); next != null; next = held.first()) {
            boolean arrivedBeforeRead = held.nextArrivedBeforeRead();
            if (!passOnOrDrop(next) && !arrivedBeforeRead) {
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
