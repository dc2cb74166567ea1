package dev.realtime.engine.redis.pubsub;

import dev.realtime.api.client.EngineException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import reactor.core.publisher.MonoSink;

/** Calls of {@code subscribe} that wait for their confirmation, each until its deadline. */
final class SubscribeCalls {

    private final Duration timeout;

    /** In the order of their deadlines, as all may take the same time. */
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    SubscribeCalls(Duration timeout) {
        this.timeout = timeout;
    }

    /** Returns a call that begins now; it waits after {@link #add}. */
    Call begin(PartitionSubscriptions partition, byte[] name, MonoSink<Void> sink) {
        return new Call(partition, name, System.nanoTime() + timeout.toNanos(), sink);
    }

    void add(Call call) {
        calls.add(call);
    }

    /** Fails the calls whose deadline has passed. */
    void expire(long now, Supplier<String> why) {
        for (Call call = calls.peek(); call != null && call.isDue(now); call = calls.peek()) {
            calls.remove().giveUp(why.get());
        }
    }

    /** Fails all calls. */
    void failAll(String why) {
        for (Call call = calls.poll(); call != null; call = calls.poll()) {
            call.giveUp(why);
        }
    }

    /** Call that waits for its confirmation. */
    static final class Call implements NameSubscription.Waiter {

        private final PartitionSubscriptions partition;

        private final byte[] name;

        private final long deadline;

        private final MonoSink<Void> sink;

        private Call(PartitionSubscriptions partition, byte[] name, long deadline, MonoSink<Void> sink) {
            this.partition = partition;
            this.name = name;
            this.deadline = deadline;
            this.sink = sink;
        }

        private boolean isDue(long now) {
            return now - deadline >= 0;
        }

        /** Fails the call, if it is still waiting. */
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
}
