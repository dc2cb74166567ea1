package dev.realtime.failure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients do not write the log of the operator. */
class LimitedLogTests {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private final Logger logger = (Logger) LoggerFactory.getLogger(LimitedLogTests.class);

    private final AtomicLong nanos = new AtomicLong(7);

    private final LimitedLog log = new LimitedLog(nanos::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void someWarningsASecondAreWrittenAndTheOthersCounted() {
        for (int i = 0; i < 1_000; i++) {
            log.warn(logger, "Command {} failed", i);
        }
        nanos.addAndGet(1_000_000_000);
        log.warn(logger, "Command {} failed", "x");
        log.warn(logger, "Command {} failed", "y");

        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Command 0 failed",
                        "Command 1 failed",
                        "Command 2 failed",
                        "Command 3 failed",
                        "Command 4 failed",
                        "Command x failed (995 similar warnings before it are at debug level only)",
                        "Command y failed");
    }
}
