package dev.realtime.api.client;

/**
 * Failure of a read whose result is longer than the engine returns. The same read fails again, so clients receive error
 * 106, limit exceeded, which is permanent.
 */
public class ResultTooLongException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** @param message what is too long, the limit, and what to use instead */
    public ResultTooLongException(String message) {
        super(message);
    }
}
