package dev.realtime.webflux.api;

import org.springframework.http.HttpStatus;

/** The request as a whole is refused before anything of it runs. Carries no stack trace: bad requests must stay cheap. */
final class HttpRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    /** @param reason for the log, without text of the request */
    HttpRefusal(HttpStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }
}
