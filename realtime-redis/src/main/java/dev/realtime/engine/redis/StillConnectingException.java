package dev.realtime.engine.redis;

import io.lettuce.core.RedisConnectionException;

/** A command was not sent, as the connection to its server is still being opened. */
final class StillConnectingException extends RedisConnectionException {

    private static final long serialVersionUID = 1;

    StillConnectingException(String server) {
        super("The connection to " + server + " is still being opened");
    }
}
