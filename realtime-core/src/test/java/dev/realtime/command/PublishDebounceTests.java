package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Time in which a client is to send one publication, in the reply to its subscribe. */
@ExtendWith(BufferLeaks.class)
class PublishDebounceTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace("cursor", options -> options.subscribeAccess(ANYONE).publishDebounce(Duration.ofMillis(250)))
            .namespace("chat", options -> options.subscribeAccess(ANYONE))
            .start();

    private final ScriptedClient client = server.client().connected();

    @Test
    void subscriberIsNotifiedOfTheTimeInMilliseconds() {
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'cursor:a'}}"))
                .containsExactly("{'id':2,'subscribe':{'publish_debounce':250}}");
        assertThat(client.ask("{'id':3,'subscribe':{'channel':'chat:a'}}")).containsExactly("{'id':3,'subscribe':{}}");
    }
}
