package dev.realtime.auth.token;

/**
 * Reason why a token was not accepted: it is {@linkplain InvalidTokenException invalid},
 * {@linkplain ExpiredTokenException out of its time}, or its
 * {@linkplain KeysUnavailableException keys cannot be fetched}. Carries no stack trace, because hostile input must stay
 * cheap, and nothing of the token, because its message is logged.
 */
public abstract sealed class TokenException extends RuntimeException
        permits InvalidTokenException, ExpiredTokenException, KeysUnavailableException {

    private static final long serialVersionUID = 1L;

    TokenException(String message) {
        super(message, null, false, false);
    }
}
