package dev.realtime.auth.token;

/** The token is not one of ours, or has a claim that makes no sense. */
public final class InvalidTokenException extends TokenException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param reason the rule that was broken, as the end of a sentence that begins with "the token"
     */
    public InvalidTokenException(String reason) {
        super(reason);
    }

    /**
     * Returns the rule that was broken.
     *
     * @return the end of a sentence that begins with "the token"
     */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
