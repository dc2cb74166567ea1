package dev.realtime.handler;

/**
 * Failure of a command whose data does not give the arguments of the handler method it is for: data is missing, cannot
 * be read, or violates a constraint. The client gets error 107 unless an exception handler decides otherwise. Its
 * message is for the log and names properties and constraints, never values.
 */
public final class BadCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    /**
     * @param reason for the log
     * @param detail for the client, where the application allows it
     */
    public BadCommandException(String reason, String detail) {
        super(reason, null, false, false);
        this.detail = detail;
    }

    /** Returns what is wrong, in words that a client may see, such as {@code dice must be less than or equal to 6}. */
    public String detail() {
        return detail;
    }
}
