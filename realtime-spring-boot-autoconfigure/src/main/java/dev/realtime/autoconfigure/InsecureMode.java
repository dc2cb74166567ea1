package dev.realtime.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code realtime.client.insecure} and its like, for local work: logged as a warning at every start and shown in
 * health. Nothing tells local work from production reliably, names of profiles least of all, so nothing is refused.
 */
final class InsecureMode {

    private static final Logger logger = LoggerFactory.getLogger(InsecureMode.class);

    private InsecureMode() {}

    /** Warns if {@code realtime.client.insecure} is on. */
    static void check(RealtimeClientProperties client) {
        if (client.insecure()) {
            logger.warn("`realtime.client.insecure` is on: anyone may connect, subscribe, publish and read presence and"
                    + " history without permission. Use it for local work only and remove it before others can"
                    + " reach this server.");
        }
    }

    /** Warns that {@code realtime.client.insecure-skip-token-signature-verify} is on. */
    static void warnOfSkippedSignatures() {
        logger.warn(
                "`realtime.client.insecure-skip-token-signature-verify` is on: anyone may connect as any user, with a"
                        + " token that nobody signed. Use it for local work only and remove it before others can reach"
                        + " this server.");
    }
}
