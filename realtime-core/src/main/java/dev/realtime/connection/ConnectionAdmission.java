package dev.realtime.connection;

import dev.realtime.limit.RateLimit;
import dev.realtime.limit.TokenBucket;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides before the HTTP upgrade whether this node takes on another client. Called by any thread; lock: the monitor of
 * this object, for the token bucket alone.
 */
public final class ConnectionAdmission {

    private final int connectionLimit;

    private final ClientConnections clients;

    private final NodeStatistics statistics;

    private final LongSupplier nanoTime;

    private final @Nullable TokenBucket rate;

    public ConnectionAdmission(
            ClientOptions options, ClientConnections clients, NodeStatistics statistics, LongSupplier nanoTime) {
        this.connectionLimit = options.connectionLimit();
        this.clients = clients;
        this.statistics = statistics;
        this.nanoTime = nanoTime;
        RateLimit connectionRate = options.limits().connectionRate();
        this.rate = connectionRate == null ? null : new TokenBucket(connectionRate, nanoTime.getAsLong());
    }

    /** Returns whether another client may come in; counts a refusal if not. */
    public boolean admit() {
        if (connectionLimit > 0 && clients.count() >= connectionLimit) {
            statistics.refused(ReachedLimit.CONNECTION_LIMIT, "");
            return false;
        }
        if (rate != null && !takeToken(rate)) {
            statistics.refused(ReachedLimit.CONNECTION_RATE, "");
            return false;
        }
        return true;
    }

    private synchronized boolean takeToken(TokenBucket bucket) {
        return bucket.take(nanoTime.getAsLong());
    }
}
