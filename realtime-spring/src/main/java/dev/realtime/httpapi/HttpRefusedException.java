package dev.realtime.httpapi;

/**
 * Refusal of a whole request before any command runs. It has no stack trace, so that invalid requests stay cheap.
 */
public final class HttpRefusedException extends Exception {

    /** Status of a malformed request. */
    public static final int BAD_REQUEST = 400;

    /** Status of a request that did not arrive in time. */
    public static final int REQUEST_TIMEOUT = 408;

    /** Status of a request that exceeds a limit of {@link HttpApiOptions}. */
    public static final int CONTENT_TOO_LARGE = 413;

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Creates a refusal.
     *
     * @param status the HTTP status to reply with, one of the constants of this class
     * @param reason for the log, without text of the request
     */
    public HttpRefusedException(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /**
     * Returns the HTTP status to reply with.
     *
     * @return one of the constants of this class
     */
    public int status() {
        return status;
    }
}
