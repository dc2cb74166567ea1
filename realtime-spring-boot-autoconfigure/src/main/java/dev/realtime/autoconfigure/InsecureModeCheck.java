package dev.realtime.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Check for {@code realtime.client.insecure}, an option for local work, which is logged as a warning at every start and
 * shown in health. Nothing is refused, because nothing distinguishes local work from production reliably,
 * names of profiles least of all.
 */
final class InsecureModeCheck {

    private static final Logger logger = LoggerFactory.getLogger(InsecureModeCheck.class);

    private InsecureModeCheck() {}

    /** Warns if {@code realtime.client.insecure} is on. */
    static void check(RealtimeClientProperties client) {
        if (client.insecure()) {
            logger.warn("`realtime.client.insecure` is on: anyone may connect, subscribe, publish and read presence and"
                    + " history without permission. Use it for local work only and remove it before others can"
                    + " reach this server.");
        }
    }
}
