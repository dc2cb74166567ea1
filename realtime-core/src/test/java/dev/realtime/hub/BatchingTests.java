package dev.realtime.hub;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels whose publications wait a moment, so that several are written together. */
@ExtendWith(BufferLeaks.class)
class BatchingTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "slow",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(100))
                            .forceRecovery(true)
                            .delivery(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(100), 0)))
            .namespace(
                    "ten",
                    options -> options.subscribeAccess(ANYONE)
                            .delivery(DeliveryOptions.DEFAULTS.withBatch(Duration.ofMillis(100), 10)))
            .start();

    private final ScriptedClient client =
            server.client().connected().subscribed("slow:a").subscribed("ten:a");

    private void publish(String channel, int from, int to) {
        for (int i = from; i <= to; i++) {
            server.node()
                    .publisher()
                    .publish(channel, Payload.ofText(String.valueOf(i)))
                    .block();
            server.run();
        }
    }

    private static String[] pushes(String channel, int from, int to, boolean offset) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> Pushes.push(channel, "pub", "{'data':" + i + (offset ? ",'offset':" + i : "") + "}"))
                .toArray(String[]::new);
    }

    @Test
    void publicationsLeaveTogetherAfterTheDelay() {
        int before = client.transport().flushes();
        publish("slow:a", 1, 3);
        server.pass(Duration.ofMillis(50));
        publish("slow:a", 4, 5);
        server.pass(Duration.ofMillis(49));
        assertThat(client.heard()).isEmpty();

        server.pass(Duration.ofMillis(1));

        assertThat(client.heard()).containsExactly(pushes("slow:a", 1, 5, true));
        assertThat(client.transport().flushes() - before).isEqualTo(1);
    }

    @Test
    void nextBatchHasItsOwnDelay() {
        publish("slow:a", 1, 1);
        server.pass(Duration.ofMillis(100));
        client.heard();
        server.pass(Duration.ofMillis(50));
        publish("slow:a", 2, 2);
        server.pass(Duration.ofMillis(99));
        assertThat(client.heard()).isEmpty();

        server.pass(Duration.ofMillis(1));

        assertThat(client.heard()).containsExactly(pushes("slow:a", 2, 2, true));
    }

    @Test
    void fullBatchDoesNotWait() {
        publish("ten:a", 1, 9);
        assertThat(client.heard()).isEmpty();

        publish("ten:a", 10, 12);

        assertThat(client.heard()).containsExactly(pushes("ten:a", 1, 10, false));
        server.pass(Duration.ofMillis(99));
        assertThat(client.heard()).isEmpty();
        server.pass(Duration.ofMillis(1));
        assertThat(client.heard()).containsExactly(pushes("ten:a", 11, 12, false));
    }

    @Test
    void whatWaitsIsNoGapForAPositionCheck() {
        publish("slow:a", 1, 3);

        server.passSeconds(120);

        assertThat(client.heard().stream().filter(message -> !message.equals("{}")))
                .containsExactly(pushes("slow:a", 1, 3, true));
        assertThat(server.node().statistics().namespace("slow").insufficientState())
                .isZero();
    }

    @Test
    void batchOfAChannelWithoutSubscribersLeavesNothing() {
        publish("slow:a", 1, 3);

        client.unsubscribed("slow:a");
        server.pass(Duration.ofMillis(100));

        assertThat(client.heard()).isEmpty();
    }
}
