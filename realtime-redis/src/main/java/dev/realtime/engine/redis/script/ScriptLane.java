package dev.realtime.engine.redis.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The script calls and publishes of one partition, in the order in which they were made.
 *
 * <p>Calls are not waited for before the next is sent. So when a server refuses one (it does not know the script, it is
 * a replica, the slot has moved), those behind it are on their way already:
 *
 * <pre>
 *   sent      p1 p2 p3
 *   refused   p1            sent again now, it would come behind p2 and p3 if these are done
 *   sent                    p4
 *   refused      p2 p3      would come behind p4
 * </pre>
 *
 * So after a refusal nothing new is sent until all that was sent has ended. Then what was refused is sent again in its
 * order, and after it what came meanwhile. Where the refusal lasts for some time, that is after a pause, and the first
 * call goes alone: the server may accept commands again in the middle of those that were sent together. The same pause
 * keeps the order when the partition gets another owner: what was sent to the old one ends first.
 *
 * <p>A server knows some scripts and not others, so a call could be refused for its script between two that are not.
 * So the first call of each script goes with its source, and again the first after a refusal.
 *
 * <p>Lock: the monitor of this object, held while commands are handed to the driver, which never blocks; no result is
 * delivered under it.
 */
public final class ScriptLane {

    private static final Logger logger = LoggerFactory.getLogger(ScriptLane.class);

    /** Most calls that wait for the end of a pause. */
    private static final int MAX_WAITING = 20_000;

    /** Most bytes of the calls that wait, in all lanes. */
    private static final long MAX_WAITING_BYTES = 64L << 20;

    /** One call, as the lane sees it. */
    interface Call<T> extends BiConsumer<T, @Nullable Throwable> {

        /** Returns the script that it runs; {@code null} if it is another command. */
        @Nullable
        Script script();

        /**
         * Hands the command to the driver.
         *
         * @param withSource whether the server may not know the script yet
         */
        CompletionStage<T> dispatch(boolean withSource);

        /** Returns whether its time is over, so that it is not sent any more. */
        boolean isExpired(long now);

        /**
         * Is called when it was not sent in time.
         *
         * @param refusal for which the lane paused; {@code null} if it only waited for what was sent before
         */
        void expired(@Nullable Throwable refusal);

        /** Is called when too many wait already. */
        void overflowed();

        /** Returns whether it goes to the server that the slot is moving to, and not to the owner. */
        default boolean isRedirected() {
            return false;
        }

        /** Returns about how many bytes it holds in memory. */
        int size();

        /** Its place among the calls of this lane. */
        long place();

        void place(long place);
    }

    private final Scheduler scheduler;

    /** Bytes of the calls that wait, in all lanes of an engine. */
    private final AtomicLong waitingBytes;

    /** Calls that were sent and have not ended. Guarded by this. */
    private int sent;

    /** Scripts whose source was sent to the present owner. Guarded by this. */
    private final Set<Script> known = EnumSet.noneOf(Script.class);

    /** Guarded by this. */
    private long places;

    /** Whether new calls wait. Guarded by this. */
    private boolean paused;

    /** Whether a timer ends the pause. Guarded by this. */
    private boolean timed;

    /** Length of the pause after all that was sent has ended. Guarded by this. */
    private long pauseMillis;

    /** Whether one call is to go alone after the pause. Guarded by this. */
    private boolean trial;

    /** Reason of the pause. Guarded by this. */
    private @Nullable Throwable refusal;

    /** Calls to be sent again. Guarded by this. */
    private final List<Call<?>> refused = new ArrayList<>(0);

    /** Calls made during the pause. Guarded by this. */
    private final Queue<Call<?>> waiting = new ArrayDeque<>(0);

    /**
     * @param scheduler of pauses
     * @param waitingBytes counts the bytes of the calls that wait; shared by all lanes
     */
    ScriptLane(Scheduler scheduler, AtomicLong waitingBytes) {
        this.scheduler = scheduler;
        this.waitingBytes = waitingBytes;
    }

    /** Sends a call, now or when the pause is over. */
    <T> void send(Call<T> call) {
        CompletionStage<T> reply = null;
        boolean full = false;
        synchronized (this) {
            call.place(places++);
            if (!paused) {
                reply = dispatch(call);
            } else if (waiting.size() < MAX_WAITING && waitingBytes.get() < MAX_WAITING_BYTES) {
                await(call);
            } else {
                full = true;
            }
        }
        if (reply != null) {
            reply.whenComplete(call);
        } else if (full) {
            call.overflowed();
        }
    }

    /** Notes the end of a call that was sent. Called before its result is delivered. */
    void ended() {
        List<Runnable> next;
        synchronized (this) {
            sent--;
            next = resumeIfDrained();
        }
        runAll(next);
    }

    /**
     * Takes back a call that was sent and is to be sent again.
     *
     * @param pause that is needed at least, in milliseconds
     * @param lasting whether the server refuses all calls for the same reason
     */
    void again(Call<?> call, long pause, boolean lasting, Throwable why) {
        List<Runnable> next;
        synchronized (this) {
            sent--;
            known.clear();
            refused.add(call);
            paused = true;
            pauseMillis = Math.max(pauseMillis, pause);
            trial |= lasting;
            refusal = why;
            next = resumeIfDrained();
        }
        runAll(next);
    }

    /**
     * Sends other calls in the place of one that was sent and has ended.
     *
     * @param calls in the order in which they are to be sent
     */
    void replace(Call<?> ended, List<? extends Call<?>> calls) {
        List<Runnable> next;
        synchronized (this) {
            sent--;
            calls.forEach(call -> call.place(ended.place()));
            refused.addAll(calls);
            paused = true;
            next = resumeIfDrained();
        }
        runAll(next);
    }

    /** The server may have lost the scripts that were sent to it. */
    synchronized void forgetScripts() {
        known.clear();
    }

    /**
     * Sends nothing new until all that was sent has ended.
     *
     * @param change directs what is sent from now on to the new owner
     */
    synchronized void changeOwner(Runnable change) {
        drain();
        known.clear();
        change.run();
    }

    /** Sends nothing new until all that was sent has ended. */
    public synchronized void drain() {
        paused |= sent > 0;
    }

    /** Runs all of them: what the result of one call does to its caller is nothing to the others. */
    private static void runAll(List<Runnable> steps) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (Throwable failure) {
                logger.error("A subscriber to the result of a script failed; other calls continue", failure);
            }
        }
    }

    private void await(Call<?> call) {
        waiting.add(call);
        waitingBytes.addAndGet(call.size());
    }

    private List<Runnable> resumeIfDrained() {
        if (!paused || sent > 0 || timed) {
            return List.of();
        }
        if (pauseMillis > 0) {
            try {
                scheduler.schedule(this::resume, pauseMillis, TimeUnit.MILLISECONDS);
                timed = true;
                return List.of();
            } catch (RejectedExecutionException stopped) {
                // The engine has stopped: what is left fails with its connection.
            }
        }
        return resend();
    }

    private void resume() {
        List<Runnable> next;
        synchronized (this) {
            timed = false;
            next = resend();
        }
        runAll(next);
    }

    /** Returns what connects replies with calls, to be run without the lock. */
    private List<Runnable> resend() {
        List<Call<?>> calls = new ArrayList<>(refused.size() + waiting.size());
        refused.sort(Comparator.comparingLong(Call::place));
        calls.addAll(refused);
        for (Call<?> call : waiting) {
            calls.add(call);
            waitingBytes.addAndGet(-call.size());
        }
        refused.clear();
        waiting.clear();
        Throwable why = refusal;
        boolean alone = trial || couldOvertake(calls);
        boolean failed = false;
        pauseMillis = 0;
        trial = false;
        long now = System.nanoTime();
        List<Runnable> next = new ArrayList<>(calls.size());
        for (Call<?> call : calls) {
            if (call.isExpired(now)) {
                next.add(() -> call.expired(why));
            } else if (alone && sent > 0) {
                await(call);
            } else {
                // Where a connection is being opened the next one might be sent as soon as it is open.
                failed |= resend(call, next);
                alone |= failed;
            }
        }
        // The end of a call that failed before it was sent resumes the lane, when it is noted.
        paused = failed || !waiting.isEmpty();
        refusal = paused ? why : null;
        return next;
    }

    /** Returns whether a call is redirected and one before it is not yet, though it may be for the same channel. */
    private static boolean couldOvertake(List<Call<?>> calls) {
        boolean toOwner = false;
        for (Call<?> call : calls) {
            if (toOwner && call.isRedirected()) {
                return true;
            }
            toOwner |= !call.isRedirected();
        }
        return false;
    }

    /** Returns whether the call failed before it was sent. */
    private <T> boolean resend(Call<T> call, List<Runnable> next) {
        CompletionStage<T> reply = dispatch(call);
        next.add(() -> reply.whenComplete(call));
        return reply.toCompletableFuture().isCompletedExceptionally();
    }

    private <T> CompletionStage<T> dispatch(Call<T> call) {
        sent++;
        Script script = call.script();
        return call.dispatch(script != null && known.add(script));
    }
}
