package dev.realtime.auth.token;

/**
 * A token is not one of ours, or says something that makes no sense. Carries no stack trace: hostile input must stay cheap.
 * The reason is for the log of the operator and holds nothing of the token.
 */
public final class InvalidTokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason the rule that was broken, as the end of a sentence that begins with "the token" */
    public InvalidTokenException(String reason) {
        super(reason, null, false, false);
    }

    /** The rule that was broken. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
