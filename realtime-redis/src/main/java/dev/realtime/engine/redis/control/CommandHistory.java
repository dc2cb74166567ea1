package dev.realtime.engine.redis.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The commands that a node received, so that none is run twice, and those that it sent, so that those that Redis lost
 * are sent again. Bounded: the oldest are forgotten. Not for several threads.
 */
final class CommandHistory {

    private static final int MOST_RECEIVED = 10_000;

    private static final int MOST_SENT_BYTES = 4 * 1024 * 1024;

    private final long ageNanos;

    private final LongSupplier clock;

    /** Identity to id. */
    private final Map<Long, CommandId> received = new LinkedHashMap<>();

    /** Commands up to this one count as received. */
    private CommandId floor = CommandId.NONE;

    private final Map<Long, Sent> sent = new LinkedHashMap<>();

    private long sentBytes;

    /** A command of this node, and the id under which it was first kept. */
    record Sent(long identity, CommandId id, byte[] command, long atNanos) {}

    /**
     * @param age after which a command is not sent again
     * @param clock nanoseconds, as {@link System#nanoTime()}
     */
    CommandHistory(Duration age, LongSupplier clock) {
        this.ageNanos = age.toNanos();
        this.clock = clock;
    }

    /** Takes all commands up to this one for received. */
    void startAt(CommandId id) {
        floor = id;
    }

    /** Returns the id up to which commands were received or do not concern this node. */
    CommandId floor() {
        return floor;
    }

    boolean isNew(CommandEntry entry) {
        return entry.id().isAfter(floor) && !isKnown(entry);
    }

    /** Returns whether a command was received, under whichever id. */
    boolean isKnown(CommandEntry entry) {
        return received.containsKey(entry.identity());
    }

    void received(CommandEntry entry) {
        received.put(entry.identity(), entry.id());
        if (received.size() > MOST_RECEIVED) {
            Iterator<CommandId> oldest = received.values().iterator();
            CommandId forgotten = oldest.next();
            oldest.remove();
            floor = forgotten.isAfter(floor) ? forgotten : floor;
        }
    }

    /** Notes that the log was set back to an entry; what follows it is new, whatever its id. */
    void setBackTo(CommandId last) {
        floor = floor.isAfter(last) ? last : floor;
    }

    /** Notes a command of this node. One that is sent again does not become younger by that. */
    void sent(long identity, CommandId id, byte[] command) {
        if (sent.putIfAbsent(identity, new Sent(identity, id, command, clock.getAsLong())) != null) {
            return;
        }
        sentBytes += command.length;
        Iterator<Sent> oldest = sent.values().iterator();
        while (sentBytes > MOST_SENT_BYTES && oldest.hasNext()) {
            sentBytes -= oldest.next().command().length;
            oldest.remove();
        }
    }

    /**
     * Returns the commands of this node that the log lacks and that are young enough to be sent again.
     *
     * @param kept what the log has after the {@link #floor()}; what is not after that is not looked for
     */
    List<Sent> lost(Set<Long> kept) {
        List<Sent> lost = new ArrayList<>();
        long now = clock.getAsLong();
        Iterator<Sent> each = sent.values().iterator();
        while (each.hasNext()) {
            Sent one = each.next();
            if (now - one.atNanos() > ageNanos) {
                sentBytes -= one.command().length;
                each.remove();
            } else if (one.id().isAfter(floor) && !kept.contains(one.identity())) {
                lost.add(one);
            }
        }
        return lost;
    }
}
