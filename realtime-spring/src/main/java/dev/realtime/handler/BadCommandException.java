package dev.realtime.handler;

/** Failure of a command that does not give the arguments of the handler method it is for. */
final class BadCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    /**
     * @param reason for the log
     * @param detail for the client, where the application allows it
     */
    BadCommandException(String reason, String detail) {
        super(reason, null, false, false);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
