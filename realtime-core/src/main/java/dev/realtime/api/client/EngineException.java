package dev.realtime.api.client;

import org.jspecify.annotations.Nullable;

/**
 * The engine could not do what was asked: the temporary error 100. The message says what happened, why, and what to do.
 */
public class EngineException extends CodedException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an instance.
     *
     * @param message text for the log and for developers
     */
    public EngineException(String message) {
        this(message, null);
    }

    /**
     * Creates an instance.
     *
     * @param message text for the log and for developers
     * @param cause cause of the failure
     */
    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause, ClientError.INTERNAL.code(), true);
    }
}
