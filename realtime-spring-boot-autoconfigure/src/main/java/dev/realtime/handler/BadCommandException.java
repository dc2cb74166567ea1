package dev.realtime.handler;

/** What the client sent cannot be given to the handler method: error 107. The reason is for the log and names no value. */
final class BadCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadCommandException(String reason) {
        super(reason, null, false, false);
    }
}
