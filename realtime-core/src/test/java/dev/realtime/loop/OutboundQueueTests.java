package dev.realtime.loop;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that do not take what is sent to them, and those beside them that do. */
@ExtendWith(BufferLeaks.class)
class OutboundQueueTests {

    private static final String KILOBYTE = "x".repeat(1_000);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.queueMaxBytes(10_000))
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .start();

    private final ScriptedClient slow = server.client().connected().subscribed("a");

    private final ScriptedClient healthy = server.client().connected().subscribed("a");

    @Test
    void slowClientIsDisconnectedWithoutDelayingOthers() {
        slow.transport().stuck(true);

        for (int i = 0; i < 9; i++) {
            server.publish("a", KILOBYTE);
        }
        assertThat(slow.closedWith()).isNull();
        server.publish("a", KILOBYTE);

        assertThat(slow.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(healthy.heard()).hasSize(10);
        assertThat(healthy.closedWith()).isNull();
        assertThat(server.node().statistics().disconnects(3008)).isEqualTo(1);
    }

    @Test
    void clientThatRecoversInTimeGetsEverything() {
        slow.transport().stuck(true);
        for (int i = 0; i < 9; i++) {
            server.publish("a", KILOBYTE);
        }

        slow.transport().stuck(false);
        server.publish("a", KILOBYTE);

        assertThat(slow.heard()).hasSize(10);
        assertThat(slow.closedWith()).isNull();
    }

    @Test
    void muchAtOnceIsNoReasonToDisconnectAHealthyClient() {
        for (int i = 0; i < 100; i++) {
            server.node().publisher().publish("a", KILOBYTE).block();
        }

        assertThat(healthy.heard()).hasSize(100);
        assertThat(healthy.closedWith()).isNull();
    }

    @Test
    void repliesCountLikePublications() {
        slow.transport().stuck(true);

        slow.tell("{'id':2,'unsubscribe':{'channel':'b'}}\n".repeat(499));

        assertThat(slow.closedWith()).isEqualTo(Disconnect.SLOW);
    }

    @Test
    void clientClosedAsSlowWhileItIsPingedLeavesNothing() {
        slow.transport().stuck(true);
        for (int i = 0; i < 9; i++) {
            server.publish("a", KILOBYTE);
        }
        int rest = 10_000 - (int) slow.transport().queuedBytes();
        server.publish("a", "y".repeat(rest - "{\"push\":{\"channel\":\"a\",\"pub\":{\"data\":\"\"}}}".length()));
        assertThat(slow.closedWith()).isNull();

        server.passSeconds(19);

        assertThat(slow.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void everythingOfOneTurnLeavesInOneFlushPerClient() {
        int before = healthy.transport().flushes();

        for (int i = 0; i < 5; i++) {
            server.node().publisher().publish("a", i).block();
        }
        healthy.tell("{'id':2,'unsubscribe':{'channel':'b'}}");

        assertThat(healthy.heard()).hasSize(6);
        assertThat(healthy.transport().flushes() - before).isEqualTo(1);
    }
}
