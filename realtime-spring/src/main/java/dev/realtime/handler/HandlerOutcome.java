package dev.realtime.handler;

import java.util.Locale;

/** Ways in which the call of a handler method ends, as metrics and observations name them. */
public enum HandlerOutcome {
    /** With a result, a denial by the result included. */
    SUCCESS,
    /** With an error for the client: by the method, by Spring Security, or because the data was invalid. */
    REFUSED,
    /** With an unexpected exception. */
    FAILED,
    /** By its time limit, or because the client is gone. */
    TIMEOUT,
    /** Without a call: too many calls were running and waiting. */
    REJECTED;

    /**
     * Returns the value of the tag {@code outcome}.
     *
     * @return the name of the constant in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
