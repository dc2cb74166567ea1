package dev.realtime.engine.redis.script;

import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One publish of a message that nothing keeps, from the first sending to the number of receivers.
 *
 * <p>With sharded pub/sub it goes to the owner of the partition, through the lane of its scripts: where the slot has
 * moved the driver would follow the redirect of each publish by itself, and those behind it, which know the new owner
 * already, would overtake it. It is sent again when the server certainly did nothing, within the time of one command,
 * and never when the outcome is not known. Owned by the thread that has its reply; never by two at a time.
 */
final class PublishCall implements ScriptLane.Call<Long> {

    private static final long FIRST_PAUSE_MILLIS = 10;

    private static final long LONGEST_PAUSE_MILLIS = 160;

    /** Bytes of a call besides name and message. */
    private static final int OVERHEAD = 300;

    private final RedisScripts scripts;

    private final int partition;

    private final byte[] name;

    private final byte[] message;

    private final String description;

    private final ScriptCall.Observer<Long> observer;

    private final long giveUpAtNanos;

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    private long place;

    private boolean moved;

    /** @param description beginning of a sentence, for messages */
    PublishCall(
            RedisScripts scripts,
            int partition,
            byte[] name,
            byte[] message,
            String description,
            ScriptCall.Observer<Long> observer) {
        this.scripts = scripts;
        this.partition = partition;
        this.name = name;
        this.message = message;
        this.description = description;
        this.observer = observer;
        this.giveUpAtNanos = System.nanoTime() + scripts.commandTimeout().toNanos();
    }

    void send() {
        scripts.lane(partition).send(this);
    }

    @Override
    public @Nullable Script script() {
        return null;
    }

    @Override
    public CompletionStage<Long> dispatch(boolean withSource) {
        try {
            return scripts.redis().sharded()
                    ? scripts.redis().direct(partition).spublish(name, message)
                    : scripts.redis().publish(partition, name, message);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean isExpired(long now) {
        return now - giveUpAtNanos >= 0;
    }

    @Override
    public void expired(@Nullable Throwable refusal) {
        if (refusal == null) {
            report(
                    RedisErrorKind.TIMEOUT,
                    new RedisCommandTimeoutException("it waited for earlier calls, and was not sent"));
        } else {
            report(RedisErrorKind.of(refusal), refusal);
        }
    }

    @Override
    public void overflowed() {
        report(RedisErrorKind.DISCONNECTED, new RejectedExecutionException("too many calls wait for Redis already"));
    }

    @Override
    public int size() {
        return OVERHEAD + name.length + message.length;
    }

    @Override
    public long place() {
        return place;
    }

    @Override
    public void place(long given) {
        place = given;
    }

    @Override
    public void accept(@Nullable Long receivers, @Nullable Throwable error) {
        if (error == null) {
            scripts.lane(partition).ended();
            observer.succeeded(Objects.requireNonNull(receivers));
            return;
        }
        RedisErrorKind failure = RedisErrorKind.of(error);
        if (failure.isPassingRefusal() && System.nanoTime() + pauseMillis * 1_000_000 - giveUpAtNanos < 0) {
            again(failure, error);
        } else {
            scripts.lane(partition).ended();
            report(failure, error);
        }
    }

    private void again(RedisErrorKind failure, Throwable error) {
        scripts.redis().refused(partition, failure);
        Redirect redirect = Redirect.of(error);
        long pause = pauseMillis;
        if (redirect != null && !redirect.ask()) {
            scripts.redis().moved(partition, redirect);
            pause = moved ? pause : 0;
            moved = true;
        }
        if (pause > 0) {
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
        scripts.lane(partition).again(this, pause, true, error);
    }

    private void report(RedisErrorKind failure, Throwable error) {
        scripts.statistics().countError(failure.kind());
        scripts.redis().refused(partition, failure);
        observer.failed(failure.toException(description, scripts.commandTimeout(), error));
    }
}
