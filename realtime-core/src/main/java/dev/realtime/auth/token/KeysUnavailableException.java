package dev.realtime.auth.token;

/** The keys could not be fetched, so nothing is known about the token: its client is asked to try again. */
public final class KeysUnavailableException extends TokenException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what could not be fetched, and why
     */
    public KeysUnavailableException(String message) {
        super(message);
    }
}
