package dev.realtime.engine.redis.monitor;

import dev.realtime.engine.redis.driver.RedisErrorKind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counters of a Redis engine since its creation. May be read and written by any thread. */
public final class RedisStatistics {

    /** Something that is counted without further parts. */
    public enum Event {
        /** A connection was opened in place of a lost one. */
        RECONNECT,
        /** A name was subscribed to again after a disturbance. */
        RESUBSCRIPTION,
        /** The primaries or their slots changed. */
        TOPOLOGY_CHANGE,
        /** After a disturbance, a channel had missed nothing, or what it had missed was read and delivered. */
        RESYNC_COMPLETE,
        /** After a disturbance, what a channel had missed could not be read any more: its subscribers were notified. */
        RESYNC_INCOMPLETE,
        /** A message was dropped because too much was waiting; its channel is resynced. */
        DROPPED_MESSAGE,
        /** A message that could not be understood was skipped. */
        BAD_MESSAGE,
        /** A stream continued under a new epoch because the generation of Redis had changed. */
        NEW_GENERATION,
        /** A rollback of Redis was found that had lost publications. */
        ROLLBACK_FOUND
    }

    private final Map<Event, LongAdder> events = new ConcurrentHashMap<>();

    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    public RedisStatistics() {
        for (Event event : Event.values()) {
            events.put(event, new LongAdder());
        }
    }

    public void count(Event event) {
        count(event, 1);
    }

    public void count(Event event, long times) {
        events.get(event).add(times);
    }

    /**
     * @param kind one of a small fixed set, such as {@code timeout}, {@code disconnected}, {@code oom}, {@code other}
     */
    public void countError(String kind) {
        errors.computeIfAbsent(kind, name -> new LongAdder()).increment();
    }

    /** Returns how often an event happened. */
    public long events(Event event) {
        return events.get(event).sum();
    }

    /** All kinds of failures there can be. */
    public static Set<String> errorKinds() {
        return Arrays.stream(RedisErrorKind.values()).map(RedisErrorKind::kind).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns how many commands failed in this way. */
    public long errors(String kind) {
        LongAdder count = errors.get(kind);
        return count == null ? 0 : count.sum();
    }
}
