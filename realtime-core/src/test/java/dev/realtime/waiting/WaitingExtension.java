package dev.realtime.waiting;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Defaults for tests that wait by Awaitility, in all modules that use these fixtures: conditions are checked often, as
 * most are met after a few milliseconds, and for a long time, as machines may be busy.
 */
public final class WaitingExtension implements BeforeAllCallback {

    private static final Duration INTERVAL = Duration.ofMillis(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void beforeAll(ExtensionContext testClass) {
        Awaitility.setDefaultPollInterval(INTERVAL);
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
