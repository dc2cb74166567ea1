package dev.realtime.engine.redis.pubsub;

import dev.realtime.api.client.EngineException;
import reactor.core.publisher.MonoSink;

/** One call of {@code subscribe} that waits for its confirmation. */
final class SubscribeWaiter implements NameSubscription.Waiter {

    private final PartitionSubscriptions partition;

    private final byte[] name;

    private final long deadline;

    private final MonoSink<Void> sink;

    /** @param deadline in the sense of {@code System.nanoTime()} */
    SubscribeWaiter(PartitionSubscriptions partition, byte[] name, long deadline, MonoSink<Void> sink) {
        this.partition = partition;
        this.name = name;
        this.deadline = deadline;
        this.sink = sink;
    }

    boolean isDue(long now) {
        return now - deadline >= 0;
    }

    /** Stops to wait, if it still does. */
    void giveUp(String why) {
        if (partition.giveUp(name, this)) {
            failed(why);
        }
    }

    @Override
    public void confirmed() {
        sink.success();
    }

    @Override
    public void failed(String why) {
        sink.error(new EngineException(why));
    }
}
