package dev.realtime.engine.redis.driver;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** Puts into words why something failed. */
public final class DriverErrors {

    private DriverErrors() {}

    /** Returns the failure and its innermost cause: the driver's outer text often says only that it failed. */
    public static String text(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        Throwable outer =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Throwable inner = outer;
        while (causeOf(inner) != null && causeOf(inner) != inner) {
            inner = causeOf(inner);
        }
        return inner == outer || isCollection(outer) ? words(inner) : words(outer) + ": " + words(inner);
    }

    /** Returns the cause: of several failures the first one, as the others are the same for another server. */
    private static @Nullable Throwable causeOf(Throwable failure) {
        return isCollection(failure) ? failure.getSuppressed()[0] : failure.getCause();
    }

    private static boolean isCollection(Throwable failure) {
        return Exceptions.isMultiple(failure) && failure.getSuppressed().length > 0;
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Whether the server refused a command because it does not serve the slot, or the cluster serves none. */
    public static boolean asksForAnotherServer(Throwable failure) {
        String text = text(failure);
        return text.startsWith("MOVED")
                || text.startsWith("ASK")
                || text.startsWith("CROSSSLOT")
                || text.startsWith("CLUSTERDOWN")
                || text.startsWith("READONLY");
    }
}
