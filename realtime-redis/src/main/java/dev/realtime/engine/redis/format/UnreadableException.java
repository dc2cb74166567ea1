package dev.realtime.engine.redis.format;

/**
 * Failure to decode bytes found in Redis, which this version of the engine does not write. Readers skip and count them.
 */
public final class UnreadableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param found what was found, in a few words */
    public UnreadableException(String found) {
        super(found);
    }
}
