package dev.realtime.api.client;

import org.jspecify.annotations.Nullable;

/**
 * The engine could not do what was asked: the temporary error 100. The message says what happened, why, and what to do.
 */
public class EngineException extends CodedException {

    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        this(message, null);
    }

    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause, ClientError.INTERNAL.code(), true);
    }
}
