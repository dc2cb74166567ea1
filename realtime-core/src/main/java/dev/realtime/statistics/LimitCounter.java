package dev.realtime.statistics;

import java.util.concurrent.atomic.LongAdder;

/** Number of refusals by one limit in one namespace. */
public final class LimitCounter {

    private final ReachedLimit limit;

    private final String namespace;

    private final LongAdder count = new LongAdder();

    LimitCounter(ReachedLimit limit, String namespace) {
        this.limit = limit;
        this.namespace = namespace;
    }

    /** The limit. */
    public ReachedLimit limit() {
        return limit;
    }

    /** The namespace, empty where the limit has nothing to do with one. */
    public String namespace() {
        return namespace;
    }

    /** How often. */
    public long count() {
        return count.sum();
    }

    void increment() {
        count.increment();
    }
}
