package dev.realtime.engine.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The script calls of one partition, in the order in which they were made.
 *
 * <p>Scripts are called by their digest. A server that does not know a script refuses it, and the source has to be sent. Calls
 * are not waited for before the next is sent, so that those behind a refused one are under way already:
 *
 * <pre>
 *   sent      p1 p2 p3
 *   refused   p1            source sent: the server knows the script from now on
 *   sent                    p4
 *   refused      p2 p3      would come behind p4
 * </pre>
 *
 * So after a refusal nothing new is sent until all that is under way has ended; then what was refused is sent again in its
 * order, and after it what came meanwhile. A call can still be overtaken where another node sends the source in between.
 *
 * <p>Lock: the monitor of this object, held while commands are handed to the driver, which never blocks; nobody is called
 * with a result under it.
 */
final class ScriptLane {

    /** Most calls that wait for the end of such a pause, which lasts one command timeout at most. */
    private static final int MAX_WAITING = 20_000;

    /** One call, as the lane sees it. */
    interface Call<T> extends BiConsumer<T, @Nullable Throwable> {

        /** Hands the command to the driver. */
        CompletionStage<T> dispatch();

        /** To send the source with the next {@link #dispatch}. */
        void sendSource();

        /** It could not be sent. */
        void overflowed();
    }

    /** Calls that were sent and have not ended. Guarded by this. */
    private int underWay;

    /** Whether new calls wait. Guarded by this. */
    private boolean paused;

    /** Calls to be sent with their source. Guarded by this. */
    private final List<Call<?>> refused = new ArrayList<>(0);

    /** Calls made during the pause. Guarded by this. */
    private final Queue<Call<?>> waiting = new ArrayDeque<>(0);

    <T> void send(Call<T> call) {
        CompletionStage<T> sent = null;
        boolean full = false;
        synchronized (this) {
            if (!paused) {
                underWay++;
                sent = call.dispatch();
            } else if (waiting.size() < MAX_WAITING) {
                waiting.add(call);
            } else {
                full = true;
            }
        }
        if (sent != null) {
            sent.whenComplete(call);
        } else if (full) {
            call.overflowed();
        }
    }

    /** A call that was sent has ended. Called before its caller is told. */
    void ended(Call<?> call, boolean unknownScript) {
        List<Runnable> sent;
        synchronized (this) {
            underWay--;
            if (unknownScript) {
                call.sendSource();
                refused.add(call);
                paused = true;
            }
            if (!paused || underWay > 0) {
                return;
            }
            paused = false;
            sent = new ArrayList<>(refused.size() + waiting.size());
            for (Call<?> next : refused) {
                sent.add(resend(next));
            }
            for (Call<?> next : waiting) {
                sent.add(resend(next));
            }
            refused.clear();
            waiting.clear();
        }
        sent.forEach(Runnable::run);
    }

    /** Sends now, and answers what connects the reply with the call. */
    private <T> Runnable resend(Call<T> call) {
        underWay++;
        CompletionStage<T> future = call.dispatch();
        return () -> future.whenComplete(call);
    }
}
