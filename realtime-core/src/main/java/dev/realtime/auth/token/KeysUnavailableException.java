package dev.realtime.auth.token;

/** The keys could not be fetched, so nothing can be said about a token: its client is told to try again. */
public final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeysUnavailableException(String message) {
        super(message, null, false, false);
    }
}
