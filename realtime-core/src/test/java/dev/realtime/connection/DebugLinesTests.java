package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Each connect, disconnect and denial is one line at debug level. */
class DebugLinesTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.realtime");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stopListening() {
        logger.setLevel(null);
        logger.detachAppender(lines);
    }

    private List<String> lines() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void clientThatLeavesByItselfHasALine() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            ScriptedClient client = server.client();
            client.connected();
            client.drop();
        }

        assertThat(lines()).filteredOn(line -> line.contains("connected by")).hasSize(1);
        assertThat(lines())
                .filteredOn(line -> line.contains("closed the connection, or the network did"))
                .hasSize(1);
    }

    @Test
    void unknownNamespaceAndMissingPermissionHaveOneLineEach() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            ScriptedClient client = server.client();
            client.connected();
            client.ask("{'id':2,'subscribe':{'channel':'nws:to\\nday'}}");
            client.ask("{'id':3,'subscribe':{'channel':'today'}}");
        }

        assertThat(lines())
                .filteredOn(line -> line.contains("is denied channel 'nws:to?day': the namespace does not exist"))
                .hasSize(1);
        assertThat(lines())
                .filteredOn(line -> line.contains("may not subscribe in channel 'today'"))
                .hasSize(1);
    }
}
