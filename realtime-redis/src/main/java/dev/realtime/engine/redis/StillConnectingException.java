package dev.realtime.engine.redis;

import io.lettuce.core.RedisConnectionException;

/** A command was not sent, as the connection to the server that should take it is still being opened. */
final class StillConnectingException extends RedisConnectionException {

    private static final long serialVersionUID = 1;

    StillConnectingException(String message) {
        super(message);
    }
}
