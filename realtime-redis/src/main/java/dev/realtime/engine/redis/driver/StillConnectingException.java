package dev.realtime.engine.redis.driver;

import io.lettuce.core.RedisConnectionException;

/** A command was not sent, as the connection to the server that should take it is still being opened. */
public final class StillConnectingException extends RedisConnectionException {

    private static final long serialVersionUID = 1;

    public StillConnectingException(String message) {
        super(message);
    }
}
