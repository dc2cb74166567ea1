package dev.realtime.engine.redis.server;

/** Redis answered a command with an error; the message is its text, such as {@code MOVED 42 127.0.0.1:7000}. */
public final class RedisErrorReply extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedisErrorReply(String message) {
        super(message);
    }
}
