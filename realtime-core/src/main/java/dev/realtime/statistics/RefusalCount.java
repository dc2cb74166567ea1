package dev.realtime.statistics;

import java.util.concurrent.atomic.LongAdder;

/** Number of refusals by one limit in one namespace. */
public final class RefusalCount {

    private final Refusal refusal;

    private final String namespace;

    private final LongAdder count = new LongAdder();

    RefusalCount(Refusal refusal, String namespace) {
        this.refusal = refusal;
        this.namespace = namespace;
    }

    /** The limit. */
    public Refusal refusal() {
        return refusal;
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
