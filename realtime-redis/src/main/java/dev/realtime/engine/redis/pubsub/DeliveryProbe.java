package dev.realtime.engine.redis.pubsub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Proves that what is published arrives: publishes to a name of its own by the way that publications take, and expects
 * it back on one pub/sub connection. Server and connection may look healthy, publishing may succeed, and still nothing
 * arrive, as when a connection leads to a server that is cut off from the others.
 *
 * <p>Belongs to the reconciler, but for {@link #onMessage}.
 */
public final class DeliveryProbe implements SubscriptionListener {

    private static final long RETRY_NANOS = Duration.ofMillis(250).toNanos();

    private final PublishPath path;

    private final long intervalNanos;

    private final String prefix;

    private final String node;

    private @Nullable PartitionSubscriptions partition;

    private byte[] name = new byte[0];

    private long sent;

    private long sentAt;

    private boolean waiting;

    private long nextAt;

    /** Written by event loops: number of the last probe that came back, and when. */
    private volatile long returned;

    private volatile long returnedAt;

    /** Written by event loops: number of the last probe that could not be sent. */
    private volatile long failed;

    /**
     * @param prefix of names in Redis
     * @param node makes the name this node's own, so that only this node gets its probes
     */
    DeliveryProbe(PublishPath path, Duration interval, String prefix, String node, long now) {
        this.path = path;
        this.intervalNanos = interval.toNanos();
        this.prefix = prefix;
        this.node = node;
        this.nextAt = now;
    }

    /** The partition that is used, if any. */
    @Nullable
    PartitionSubscriptions partition() {
        return partition;
    }

    /** Uses another partition from now on, or none. */
    void use(@Nullable PartitionSubscriptions used, String tag, long now) {
        if (partition != null) {
            partition.unsubscribe(name);
        }
        partition = used;
        waiting = false;
        nextAt = now;
        if (used != null) {
            name = "%s:probe:{%s}:%s".formatted(prefix, tag, node).getBytes(StandardCharsets.UTF_8);
            used.subscribe(name, this, false, null);
        }
    }

    /** Starts over, as after a new connection. */
    void restart(long now) {
        waiting = false;
        nextAt = now;
    }

    /** Sends what is due. Returns whether the last probe should have come back by now and did not. */
    boolean tick(long now) {
        if (partition == null || !partition.isConfirmed(name)) {
            waiting = false;
            return false;
        }
        if (waiting && returned == sent) {
            waiting = false;
            nextAt = sentAt + intervalNanos;
        }
        if (waiting && failed == sent) {
            waiting = false;
            nextAt = sentAt + Math.min(RETRY_NANOS, intervalNanos);
        }
        if (waiting && now - sentAt >= intervalNanos) {
            restart(now + intervalNanos);
            return true;
        }
        if (!waiting && now - nextAt >= 0) {
            send(now);
        }
        return false;
    }

    private void send(long now) {
        waiting = true;
        sentAt = now;
        long number = ++sent;
        byte[] message = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        // A publish that fails says nothing of the way back. It is tried again soon: as long as none came back, the
        // engine does
        // not start, and is not said to be healthy.
        path.publish(partition.partition(), name, message).whenComplete((receivers, failure) -> {
            if (failure != null) {
                failed = number;
            }
        });
    }

    /** When a probe last came back, in the sense of {@code System.nanoTime()}; {@code null} if none ever did. */
    @Nullable
    Long returnedAt() {
        return returnedAt == 0 ? null : returnedAt;
    }

    @Override
    public void onMessage(int from, byte[] probe, byte[] message) {
        if (message.length == Long.BYTES) {
            returnedAt = System.nanoTime();
            returned = ByteBuffer.wrap(message).getLong();
        }
    }

    @Override
    public void onResubscribed(int from, Collection<byte[]> names) {
        // The next probe is on its way soon.
    }
}
