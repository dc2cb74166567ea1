package dev.realtime.engine.redis.script;

import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Command that goes through the lane of its partition, from the first sending to the result: its time, its pauses and
 * its errors. Owned by the thread that has its reply; never by two at a time.
 */
abstract class LaneCall<T> implements ScriptLane.Call<T> {

    static final long FIRST_PAUSE_MILLIS = 10;

    private static final long LONGEST_PAUSE_MILLIS = 160;

    final RedisScripts scripts;

    final ScriptCall.Observer<T> observer;

    private final int partition;

    /** Time after which it is not sent again. */
    private long giveUpAtNanos;

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    private long place;

    private boolean moved;

    LaneCall(RedisScripts scripts, int partition, ScriptCall.Observer<T> observer, long giveUpAtNanos) {
        this.scripts = scripts;
        this.partition = partition;
        this.observer = observer;
        this.giveUpAtNanos = giveUpAtNanos;
    }

    /** Returns the end of the time that one command has from now on. */
    static long endOfTime(RedisScripts scripts) {
        return System.nanoTime() + scripts.commandTimeout().toNanos();
    }

    /** Returns what it does, for messages: the beginning of a sentence. */
    abstract String description();

    final void send() {
        lane().send(this);
    }

    final ScriptLane lane() {
        return scripts.lane(partition);
    }

    final long giveUpAtNanos() {
        return giveUpAtNanos;
    }

    /** Gives it the time of one more command. */
    final void renewTime() {
        giveUpAtNanos = endOfTime(scripts);
    }

    /** Returns whether it may be sent once more after a pause. */
    final boolean isTimeForPause() {
        return System.nanoTime() + pauseMillis * 1_000_000 - giveUpAtNanos < 0;
    }

    /** Returns the pause before it is sent again; the next one is longer. */
    final long nextPause() {
        long pause = pauseMillis;
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        return pause;
    }

    /**
     * Sends it again after a refusal that passes: immediately where the server names another owner for the first time,
     * otherwise after a pause.
     */
    final void againAfterRefusal(RedisErrorKind kind, @Nullable Redirect redirect, Throwable error) {
        scripts.redis().refused(partition, kind);
        boolean firstMove = false;
        if (redirect != null && !redirect.ask()) {
            scripts.redis().moved(partition, redirect);
            firstMove = !moved;
            moved = true;
        }
        again(firstMove ? 0 : nextPause(), true, error);
    }

    /**
     * Sends it again.
     *
     * @param lasting whether the server refuses all calls for the same reason
     */
    final void again(long pause, boolean lasting, Throwable why) {
        lane().again(this, pause, lasting, why);
    }

    /** Fails it, after the lane has noted its end. */
    final void report(RedisErrorKind kind, Throwable error) {
        scripts.statistics().countError(kind.kind());
        scripts.redis().refused(partition, kind);
        observer.failed(kind.toException(description(), scripts.commandTimeout(), error));
    }

    @Override
    public final boolean isExpired(long now) {
        return now - giveUpAtNanos >= 0;
    }

    @Override
    public final void expired(@Nullable Throwable refusal) {
        if (refusal == null) {
            report(
                    RedisErrorKind.TIMEOUT,
                    new RedisCommandTimeoutException("it waited for earlier calls and was not sent"));
        } else {
            report(RedisErrorKind.of(refusal), refusal);
        }
    }

    @Override
    public final void overflowed() {
        report(RedisErrorKind.DISCONNECTED, new RejectedExecutionException("too many calls are waiting for Redis"));
    }

    @Override
    public final long place() {
        return place;
    }

    @Override
    public final void place(long given) {
        place = given;
    }
}
