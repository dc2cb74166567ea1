package dev.realtime.handler;

/**
 * Failure of a command whose data does not yield the arguments of its handler method: data is missing, cannot be read,
 * or violates a constraint. The client receives error 107 unless an exception handler decides otherwise. The message is
 * for the log. It names properties and constraints, never values.
 */
public final class BadCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    /**
     * Creates a failure without a stack trace.
     *
     * @param reason message for the log
     * @param detail description for the client, sent only with {@code realtime.handlers.expose-validation-errors}
     */
    public BadCommandException(String reason, String detail) {
        super(reason, null, false, false);
        this.detail = detail;
    }

    /**
     * Returns the description that a client may see.
     *
     * @return a text such as {@code dice must be less than or equal to 6}
     */
    public String detail() {
        return detail;
    }
}
