package dev.realtime.api.channel;

/** Moment at which a publish is acknowledged. */
public enum PublishAck {
    /**
     * When the engine has taken the publication. What it took last may be lost in a failover, and then subscribers are
     * notified.
     */
    PRIMARY,
    /**
     * When a replica has it too, so that a failover to that replica does not lose it. Needs history, and Redis with a
     * replica.
     */
    REPLICATED
}
