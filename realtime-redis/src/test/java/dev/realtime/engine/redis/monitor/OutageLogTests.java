package dev.realtime.engine.redis.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One line for an outage and one for its end. */
class OutageLogTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private final OutageLog log = new OutageLog();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private void tick(String problem, long millis) {
        log.tick(problem, Duration.ofMillis(millis).toNanos());
    }

    private List<String> texts() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void outageIsReportedOnceAndItsEndWithTheTimeBetween() {
        tick(null, 1000);
        for (int millis = 1100; millis < 5200; millis += 100) {
            tick("no connection", millis);
        }
        tick(null, 5200);
        tick(null, 5300);

        assertThat(texts())
                .containsExactly(
                        "Redis stopped working: no connection. Operations are retried until it works",
                        "Redis works again, after 4.2 s");
    }

    @Test
    void momentIsNoOutageAndAStartWithoutRedisIsNone() {
        tick("not connected yet", 0);
        tick("not connected yet", 10_000);
        tick(null, 11_000);
        tick("a slot moves", 11_100);
        tick(null, 11_300);

        assertThat(texts()).isEmpty();
    }
}
