package dev.realtime.engine.redis.format;

/** Bytes found in Redis are not what this version of the engine writes. Whoever reads them skips and counts them. */
public final class UnreadableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param found what was found, in a few words */
    public UnreadableException(String found) {
        super(found);
    }
}
