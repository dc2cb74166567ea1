package dev.realtime.engine.redis;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Puts into words why something failed. */
final class RedisFailure {

    private RedisFailure() {}

    /** What happened and the innermost cause: the driver's outer text often says no more than that it failed. */
    static String text(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        Throwable outer =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Throwable inner = outer;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        return inner == outer ? words(outer) : words(outer) + ": " + words(inner);
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Whether the server refused a command because it does not serve the slot, or the cluster serves none. */
    static boolean asksForAnotherServer(Throwable failure) {
        String text = text(failure);
        return text.startsWith("MOVED")
                || text.startsWith("ASK")
                || text.startsWith("CROSSSLOT")
                || text.startsWith("CLUSTERDOWN")
                || text.startsWith("READONLY");
    }
}
