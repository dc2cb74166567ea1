package dev.realtime.engine.redis.loss;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.Payload;
import dev.realtime.engine.redis.loss.Journal.Entry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Publishes numbered data into one channel, one after the other, and writes the journal. With idempotency keys it tries
 * again until its publish is acknowledged; without, it lets a failure be.
 */
final class LoadPublisher {

    private static final long RETRY_MILLIS = 25;

    private static final long LONGEST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final RealtimePublisher publisher;

    private final String channel;

    private final boolean retries;

    private final Duration pause;

    private final Journal journal;

    private final ScheduledExecutorService timer;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile boolean stopping;

    private int number;

    LoadPublisher(
            RealtimePublisher publisher,
            String channel,
            boolean retries,
            Duration pause,
            Journal journal,
            ScheduledExecutorService timer) {
        this.publisher = publisher;
        this.channel = channel;
        this.retries = retries;
        this.pause = pause;
        this.journal = journal;
        this.timer = timer;
    }

    void start(Duration delay) {
        timer.schedule(this::next, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends after the publishes in progress; the result completes then. */
    CompletableFuture<Void> stop() {
        stopping = true;
        return ended;
    }

    private void next() {
        if (stopping) {
            ended.complete(null);
            return;
        }
        number++;
        attempt(journal.begin(channel, "\"" + channel + " " + number + "\"", System.nanoTime()));
    }

    private void attempt(Entry entry) {
        PublishOptions options =
                retries ? PublishOptions.DEFAULTS.withIdempotencyKey(entry.data) : PublishOptions.DEFAULTS;
        publisher
                .publish(channel, Payload.ofText(entry.data), options)
                .subscribe(
                        result -> {
                            journal.acknowledge(entry, result.position());
                            after(pause.toMillis(), this::next);
                        },
                        error -> onFailure(entry));
    }

    private void onFailure(Entry entry) {
        journal.refuse();
        if (retries && System.nanoTime() - entry.startedNanos < LONGEST_RETRY_NANOS) {
            after(RETRY_MILLIS, () -> {
                journal.retry(entry);
                attempt(entry);
            });
        } else {
            after(pause.toMillis(), this::next);
        }
    }

    private void after(long millis, Runnable step) {
        timer.schedule(step, millis, TimeUnit.MILLISECONDS);
    }
}
