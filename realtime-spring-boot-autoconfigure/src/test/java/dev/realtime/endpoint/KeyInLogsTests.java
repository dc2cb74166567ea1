package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * The key is planted, everything there is to log is logged, and the key must not be in it. The connector of Tomcat is
 * left out: at debug level it logs whole requests.
 */
class KeyInLogsTests {

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final List<Appender<ILoggingEvent>> appenders = new ArrayList<>();

    private final Recorder recorder = new Recorder();

    private Level level = Level.WARN;

    @AfterEach
    void restore() {
        root.setLevel(level);
        root.detachAppender(recorder);
        appenders.forEach(root::addAppender);
    }

    @ParameterizedTest
    @EnumSource
    void keyIsNotLoggedEvenAtTrace(Stack stack) {
        try (ApiServer server = ApiServer.start(
                stack,
                ApiServer.Application.class,
                Stream.of("realtime.http-api.key=" + ApiServer.KEY),
                context -> recordEverything())) {
            server.call("publish", "{\"channel\":\"plain:x\",\"data\":1}");
            server.call("publish", "{\"channel\":\"nowhere:x\",\"data\":1}");
            server.call("publish", "not JSON");
            server.call("history", "{\"channel\":\"plain:x\"}", "Authorization", "apikey " + ApiServer.KEY);
            server.call("publish", "{}", "Authorization", "Bearer " + ApiServer.KEY);
        }

        assertThat(recorder.lines)
                .anyMatch(line -> line.contains("POST \"/api/publish\""))
                .anyMatch(line -> line.contains("API method publish was refused"))
                .noneMatch(line -> line.contains(ApiServer.KEY));
    }

    /** Logging is set up again at each start of an application; this comes after that and before its beans. */
    private void recordEverything() {
        level = root.getLevel();
        for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
            appenders.add(all.next());
        }
        appenders.forEach(root::detachAppender);
        recorder.setContext(root.getLoggerContext());
        recorder.start();
        root.addAppender(recorder);
        root.setLevel(Level.TRACE);
    }

    private static final class Recorder extends AppenderBase<ILoggingEvent> {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLoggerName().startsWith("org.apache.coyote.")) {
                return;
            }
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage()));
        }
    }
}
