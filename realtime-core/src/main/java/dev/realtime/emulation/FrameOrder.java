package dev.realtime.emulation;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.loop.TimerWheel;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Order in which the frames of one emulated session reach its commands. A client posts frames without waiting for one
 * another, over connections that overtake each other, so frames arrive in any order. The ids of the commands say in
 * which order the client issued them: it counts up by one, from the id of connect. Used on the executor of the
 * connection only.
 *
 * <ol>
 *   <li>A frame whose first id is the next one, or was passed already, passes. So does a frame without ids, with pongs
 *       and messages.
 *   <li>A frame whose first id is beyond the next one is held until those before it have passed, at most for
 *       {@link #PATIENCE} and the rest of a tick. Then it passes, after all that are held before it.
 *   <li>A first id further than {@link #FARTHEST} from the next one, in either direction, belongs to another numbering,
 *       since so many commands are never in flight: what is held passes, and the next id is the one behind this frame.
 * </ol>
 *
 * <p>No frame is refused because of its id: the protocol lets clients choose them, and a client with other ids is
 * served in the order of arrival, each gap a moment late. A frame that cannot be read ends the connection in its turn.
 *
 * <p>Ids count from 1 to 2^32 - 1 and then from 1 again. Positions are the same without an end: the next id has the
 * position {@link #next}.
 */
final class FrameOrder extends TimerWheel.Timer {

    /** How long a frame waits for those before it. */
    static final Duration PATIENCE = Duration.ofMillis(200);

    /** Largest distance between two ids of one numbering. */
    static final long FARTHEST = 1024;

    private static final long IDS = 0xFFFF_FFFFL;

    private final Transport transport;

    private final ProtocolLimits limits;

    private final TimerWheel wheel;

    private final FailureOwner owner;

    private final Consumer<byte[]> commands;

    /** The next id in the order of the client; 0 before the first frame. */
    private long nextId;

    /** Position of the next id. */
    private long next;

    /** Frames that wait for others; {@code null} if none ever did. */
    private @Nullable Queue<Held> held;

    private long arrivals;

    private boolean stopped;

    /**
     * A frame that waits for others.
     *
     * @param first position of its first command
     * @param last position of its last command
     */
    private record Held(byte[] frame, long first, long last, long arrival, long arrivedNanos) {

        private static final Comparator<Held> ORDER =
                Comparator.comparingLong(Held::first).thenComparingLong(Held::arrival);
    }

    /**
     * Ids in a frame.
     *
     * @param span distance of the last from the first
     */
    private record Ids(long first, long span) {}

    /** @param commands take the frames in order */
    FrameOrder(
            Transport transport,
            ProtocolLimits limits,
            TimerWheel wheel,
            FailureOwner owner,
            Consumer<byte[]> commands) {
        this.transport = transport;
        this.limits = limits;
        this.wheel = wheel;
        this.owner = owner;
        this.commands = commands;
    }

    /** Takes a frame as it arrives. */
    void take(byte[] frame) {
        if (stopped) {
            return;
        }
        Ids ids = idsOf(frame);
        if (ids == null) {
            commands.accept(frame);
            return;
        }
        long first = positionOf(ids.first);
        long last = first + ids.span;
        if (first > next) {
            hold(new Held(frame, first, last, arrivals++, wheel.nowNanos()));
        } else {
            pass(frame, last);
            passHeldUpTo(next);
        }
    }

    /** Returns the ids of a frame, as far as it can be read; {@code null} if there is none. */
    private @Nullable Ids idsOf(byte[] frame) {
        CommandReader reader = transport.wireForm().body().read(frame, limits);
        long first = 0;
        long last = 0;
        long span = 0;
        try {
            for (Command command = reader.next(); command != null; command = reader.next()) {
                long id = command.id();
                if (first == 0) {
                    first = id;
                    last = id;
                } else if (id != 0 && distance(last, id) <= FARTHEST) {
                    span += distance(last, id);
                    last = id;
                }
            }
        } catch (MalformedFrameException e) {
            // Found again when the commands before it have run.
        }
        return first == 0 ? null : new Ids(first, span);
    }

    private long positionOf(long id) {
        if (nextId != 0 && distance(nextId, id) <= FARTHEST) {
            return next + distance(nextId, id);
        }
        if (nextId != 0 && distance(id, nextId) <= FARTHEST) {
            return next - distance(id, nextId);
        }
        passHeldUpTo(Long.MAX_VALUE);
        nextId = id;
        return next;
    }

    private void hold(Held frame) {
        Queue<Held> frames = held;
        if (frames == null) {
            frames = new PriorityQueue<>(Held.ORDER);
            held = frames;
        }
        frames.add(frame);
        if (frames.size() == 1) {
            wheel.schedule(this, frame.arrivedNanos + PATIENCE.toNanos());
        }
    }

    /** Passes a frame on; the next id is behind it. */
    private void pass(byte[] frame, long last) {
        if (last >= next) {
            nextId = (nextId - 1 + last + 1 - next) % IDS + 1;
            next = last + 1;
        }
        commands.accept(frame);
    }

    /** Passes on what is held up to a position, and what follows it without a gap. */
    private void passHeldUpTo(long position) {
        Queue<Held> frames = held;
        if (frames == null || frames.isEmpty()) {
            return;
        }
        for (Held frame = frames.peek();
                frame != null && frame.first <= Math.max(position, next) && !stopped;
                frame = frames.peek()) {
            frames.remove();
            pass(frame.frame, frame.last);
        }
        if (frames.isEmpty()) {
            wheel.cancel(this);
        }
    }

    /** Passes on what has waited long enough, with all that is held before it. */
    private void giveUpWaiting() {
        Queue<Held> frames = held;
        if (frames == null || stopped) {
            return;
        }
        long since = wheel.nowNanos() - PATIENCE.toNanos();
        long last = frames.stream()
                .filter(frame -> frame.arrivedNanos <= since)
                .mapToLong(Held::first)
                .max()
                .orElse(Long.MIN_VALUE);
        passHeldUpTo(last);
        frames.stream()
                .mapToLong(Held::arrivedNanos)
                .min()
                .ifPresent(oldest -> wheel.schedule(this, oldest + PATIENCE.toNanos()));
    }

    /** Leaves the commands to a task of their own, since they may end any timer. */
    @Override
    public long fire(long nowNanos) {
        Boundary.execute(transport.executor(), Boundary.ownedTask(Place.COMMAND, owner, this::giveUpWaiting));
        return TimerWheel.NEVER;
    }

    /** Forgets what is held; nothing is passed on any more. */
    void stop() {
        stopped = true;
        held = null;
        wheel.cancel(this);
    }

    @Override
    public void failed(Place place, Throwable failure) {
        owner.failed(place, failure);
    }

    /** Returns how far one has to count from an id to the other. */
    private static long distance(long from, long to) {
        return Math.floorMod(to - from, IDS);
    }
}
