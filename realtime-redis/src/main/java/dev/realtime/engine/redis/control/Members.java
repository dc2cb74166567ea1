package dev.realtime.engine.redis.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a deployment as one node remembers them. The registry in Redis may lose nodes, when a replica is
 * promoted or an older dataset comes back; what is remembered here does not depend on it.
 *
 * <p>A node is present until it says that it leaves, or until it has been silent for the timeout. Silence counts only
 * while this node reads the registry without interruption: nodes that were present before an interruption are given the
 * whole timeout again after it. All times are those of the clock of this process.
 *
 * <p>May be used by any thread. Lock: the monitor of this object; nothing is called under it.
 */
public final class Members {

    /** Time for which a node that left is remembered, so that an older dataset does not bring it back. */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private static final Duration LATELY = Duration.ofMinutes(1);

    private final long timeoutNanos;

    private final LongSupplier clock;

    private final Map<String, Member> members = new HashMap<>();

    /** When the registry was last read; the present of this memory. */
    private long readAt;

    /** Since when the registry has been read without interruption. */
    private long readSince;

    private boolean interrupted = true;

    private static final class Member {

        /** Last value in the registry: it changes with each heartbeat. */
        private @Nullable String beat;

        private long heardAt;

        private boolean left;
    }

    /**
     * @param timeout of silence after which a node counts as ended
     * @param clock nanoseconds, as {@link System#nanoTime()}
     */
    Members(Duration timeout, LongSupplier clock) {
        this.timeoutNanos = timeout.toNanos();
        this.clock = clock;
    }

    /** Notes a message of a node. */
    synchronized void heard(String id) {
        members.computeIfAbsent(id, unknown -> new Member()).heardAt = clock.getAsLong();
    }

    /** Notes that a node leaves in good order: it does not come back under this id. */
    synchronized void left(String id) {
        Member member = members.computeIfAbsent(id, unknown -> new Member());
        member.left = true;
        member.heardAt = clock.getAsLong();
    }

    /** Notes that the registry could not be read, or is not the one that was read before. */
    synchronized void interrupted() {
        interrupted = true;
    }

    /**
     * Notes what the registry says.
     *
     * @param beats node id to a text that changes each time the node reports that it lives
     */
    synchronized void read(Map<String, String> beats) {
        long now = clock.getAsLong();
        if (interrupted || now - readAt > timeoutNanos) {
            interrupted = false;
            readSince = now;
            members.values().stream().filter(this::isPresent).forEach(member -> member.heardAt = now);
        }
        beats.forEach((id, beat) -> {
            Member member = members.computeIfAbsent(id, unknown -> new Member());
            if (!beat.equals(member.beat)) {
                member.beat = beat;
                member.heardAt = now;
            }
        });
        readAt = now;
        members.entrySet()
                .removeIf(entry -> !beats.containsKey(entry.getKey())
                        && !isPresent(entry.getValue())
                        && now - entry.getValue().heardAt > MEMORY.toNanos());
    }

    private boolean isPresent(Member member) {
        return !member.left && readAt - member.heardAt <= timeoutNanos;
    }

    /** Returns the nodes that have neither left nor been silent for too long. */
    public synchronized Set<String> present() {
        Set<String> present = new LinkedHashSet<>();
        members.forEach((id, member) -> {
            if (isPresent(member)) {
                present.add(id);
            }
        });
        return present;
    }

    /** Returns whether a node has said that it leaves. */
    public synchronized boolean hasLeft(String id) {
        Member member = members.get(id);
        return member != null && member.left;
    }

    /** Returns whether a node fell silent lately without having said that it leaves. */
    public synchronized boolean hasSilent() {
        return members.values().stream()
                .anyMatch(member -> !member.left
                        && !isPresent(member)
                        && readAt - member.heardAt <= timeoutNanos + LATELY.toNanos());
    }

    synchronized boolean isPresent(String id) {
        Member member = members.get(id);
        return member != null && isPresent(member);
    }

    /**
     * Returns whether every node that lives must be known by now: the registry has been read without interruption or
     * rollback for the timeout, in which each node that reaches Redis reports several times that it lives.
     */
    public synchronized boolean isComplete() {
        return !interrupted && readAt - readSince >= timeoutNanos;
    }
}
