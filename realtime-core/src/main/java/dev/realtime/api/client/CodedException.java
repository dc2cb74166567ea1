package dev.realtime.api.client;

import org.jspecify.annotations.Nullable;

/**
 * Root of the failures that applications catch. It has a code and says whether the same call may succeed later.
 */
public abstract class CodedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    private final boolean temporary;

    /**
     * Creates a failure.
     *
     * @param message what happened, why, and what to do
     * @param cause what led to it, or {@code null}
     * @param code code of the protocol or of the application
     * @param temporary whether the same call may succeed later
     */
    protected CodedException(@Nullable String message, @Nullable Throwable cause, int code, boolean temporary) {
        super(message, cause);
        this.code = code;
        this.temporary = temporary;
    }

    /**
     * Creates a failure without a stack trace.
     *
     * @param message what happened, why, and what to do
     * @param code code of the protocol or of the application
     * @param temporary whether the same call may succeed later
     */
    protected CodedException(String message, int code, boolean temporary) {
        super(message, null, false, false);
        this.code = code;
        this.temporary = temporary;
    }

    /**
     * Returns the code.
     *
     * @return 100 to 399 for errors of the protocol, 400 to 1999 for those of the application, 3000 and above if the
     *     connection ends
     */
    public int code() {
        return code;
    }

    /**
     * Returns whether the same call may succeed later.
     *
     * @return {@code true} if it is worth another try
     */
    public boolean temporary() {
        return temporary;
    }
}
