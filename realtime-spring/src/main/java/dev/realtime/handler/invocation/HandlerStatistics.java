package dev.realtime.handler.invocation;

import dev.realtime.handler.HandlerOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one handler method since the start. */
public final class HandlerStatistics {

    private String method;

    private final String kind;

    private final Bulkhead bulkhead;

    private final Map<HandlerOutcome, LongAdder> counts = new EnumMap<>(HandlerOutcome.class);

    private final LongAdder nanos = new LongAdder();

    HandlerStatistics(String method, String kind, Bulkhead bulkhead) {
        this.method = method;
        this.kind = kind;
        this.bulkhead = bulkhead;
        for (HandlerOutcome outcome : HandlerOutcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    /** Replaces the name, before anybody has seen it. */
    public void rename(String method) {
        this.method = method;
    }

    /**
     * Returns the simple name of the class and name of the method; full name and parameter types where several share
     * those.
     */
    public String method() {
        return method;
    }

    /** What it is for, as its annotation says: for instance {@code rpc}. */
    public String kind() {
        return kind;
    }

    /** Calls that ended so. */
    public long count(HandlerOutcome outcome) {
        LongAdder count = counts.get(outcome);
        return count == null ? 0 : count.sum();
    }

    /** Calls that ended, however. */
    public long calls() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Nanoseconds all calls took together, the time they waited included. */
    public long totalNanos() {
        return nanos.sum();
    }

    /** Calls that run now. */
    public int running() {
        return bulkhead.running();
    }

    /** Calls that wait now. */
    public int waiting() {
        return bulkhead.waiting();
    }

    void ended(HandlerOutcome outcome, long tookNanos) {
        LongAdder count = counts.get(outcome);
        if (count != null) {
            count.increment();
        }
        nanos.add(tookNanos);
    }
}
