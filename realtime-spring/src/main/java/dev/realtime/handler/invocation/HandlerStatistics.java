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

    /** Replaces the name, before meters are registered. */
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

    /** Returns the kind of the method, for instance {@code rpc}. */
    public String kind() {
        return kind;
    }

    /** Returns the number of calls with an outcome. */
    public long count(HandlerOutcome outcome) {
        LongAdder count = counts.get(outcome);
        return count == null ? 0 : count.sum();
    }

    /** Returns the number of calls that have ended. */
    public long calls() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Returns the total time of all calls in nanoseconds, including the time they waited. */
    public long totalNanos() {
        return nanos.sum();
    }

    /** Returns the number of running calls. */
    public int running() {
        return bulkhead.running();
    }

    /** Returns the number of waiting calls. */
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
