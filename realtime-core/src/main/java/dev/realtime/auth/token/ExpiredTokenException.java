package dev.realtime.auth.token;

/** The token is genuine and well-formed, and its time is over or has not begun. */
public final class ExpiredTokenException extends TokenException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param reason the end of a sentence that begins with "the token"
     */
    public ExpiredTokenException(String reason) {
        super(reason);
    }
}
