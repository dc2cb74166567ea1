package dev.realtime.auth.token;

/** A token is genuine and well-formed, and its time is over or has not begun. Carries no stack trace. */
public final class ExpiredTokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason as the end of a sentence that begins with "the token" */
    public ExpiredTokenException(String reason) {
        super(reason, null, false, false);
    }
}
