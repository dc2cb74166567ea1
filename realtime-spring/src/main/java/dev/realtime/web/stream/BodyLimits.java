package dev.realtime.web.stream;

import java.time.Duration;

/**
 * Limits of the body of a request.
 *
 * @param maxBytes maximum size in bytes; one more is refused with status 413
 * @param timeout time until the whole body must have arrived; status 408 after it
 */
public record BodyLimits(int maxBytes, Duration timeout) {

    /** 64 KiB within 10 seconds. */
    public static final BodyLimits DEFAULTS = new BodyLimits(65_536, Duration.ofSeconds(10));

    public BodyLimits {
        if (maxBytes < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The limits of a body must be positive, but are %d bytes and %d ms."
                    .formatted(maxBytes, timeout.toMillis()));
        }
    }
}
