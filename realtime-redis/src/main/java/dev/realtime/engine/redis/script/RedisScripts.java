package dev.realtime.engine.redis.script;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** Runs scripts, those of one partition in the order in which they were asked for. May be used by any thread. */
public final class RedisScripts {

    private final PartitionCommands redis;

    private final ScriptLane[] lanes;

    private final Duration commandTimeout;

    private final RedisStatistics statistics;

    private final GarbageLog garbage;

    private final Scheduler scheduler;

    public RedisScripts(
            PartitionCommands redis,
            Partitions partitions,
            Duration commandTimeout,
            RedisStatistics statistics,
            GarbageLog garbage,
            Scheduler scheduler) {
        this.redis = redis;
        this.lanes = new ScriptLane[partitions.control() + 1];
        AtomicLong waitingBytes = new AtomicLong();
        for (int partition = 0; partition < lanes.length; partition++) {
            lanes[partition] = new ScriptLane(scheduler, waitingBytes);
        }
        redis.onOwnerChange((partition, change) -> lanes[partition].changeOwner(change));
        this.commandTimeout = commandTimeout;
        this.statistics = statistics;
        this.garbage = garbage;
        this.scheduler = scheduler;
    }

    /** Runs it each time the {@code Mono} is subscribed to. Fails with an {@link EngineException} only. */
    public <T> Mono<T> run(ScriptRequest<T> request) {
        return Mono.create(sink -> run(request, new SinkObserver<>(sink)));
    }

    /**
     * Publishes to all nodes, in the order of the scripts of the partition; each time the {@code Mono} is subscribed
     * to. Nothing keeps the message. Fails with an {@link EngineException} only.
     *
     * @param what it does, for messages: the beginning of a sentence
     * @param channel for messages
     */
    public Mono<Long> publish(int partition, byte[] name, byte[] message, String what, String channel) {
        return Mono.create(sink -> new PublishCall(
                        this, partition, name, message, what + " '" + channel + "'", new SinkObserver<>(sink))
                .send());
    }

    /** Runs it now. */
    public <T> void run(ScriptRequest<T> request, ScriptCall.Observer<T> observer) {
        new ScriptCall<>(this, request, observer).send();
    }

    private record SinkObserver<T>(MonoSink<T> sink) implements ScriptCall.Observer<T> {

        @Override
        public void succeeded(T result) {
            sink.success(result);
        }

        @Override
        public void failed(EngineException error) {
            sink.error(error);
        }
    }

    /** Deletes keys of a wrong type that prevent a request, then continues. */
    void mend(ScriptRequest<?> request, Runnable then, Consumer<EngineException> failed) {
        garbage.found("a key of another type", request.subject());
        run(request.mend(), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(Long deleted) {
                then.run();
            }

            @Override
            public void failed(EngineException error) {
                failed.accept(error);
            }
        });
    }

    /** Returns the time of this node in ms, for scripts where that of the server may not be read. */
    public byte[] time() {
        return Long.toString(scheduler.now(TimeUnit.MILLISECONDS)).getBytes(StandardCharsets.US_ASCII);
    }

    public ScriptLane lane(int partition) {
        return lanes[partition];
    }

    public PartitionCommands redis() {
        return redis;
    }

    public Duration commandTimeout() {
        return commandTimeout;
    }

    public RedisStatistics statistics() {
        return statistics;
    }

    public Scheduler scheduler() {
        return scheduler;
    }
}
