package dev.realtime.api;

/** A payload is not of the type that a handler method takes. */
public final class UnreadablePayloadException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Creates the exception.
     *
     * @param message for the log; names no value of the payload
     * @param path of the part that could not be read, such as {@code items[0].count}; empty if it is the whole or not
     *     known
     * @param cause cause of the failure
     */
    public UnreadablePayloadException(String message, String path, Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /**
     * Returns the path of the part that could not be read, empty if it is the whole or not known.
     *
     * @return the path; empty if it is unknown
     */
    public String path() {
        return path;
    }
}
