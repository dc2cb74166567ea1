package dev.realtime.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientOptions;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read or do not reply, on servlet containers: they are disconnected and no other is affected. */
class ServletSlowClientsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int QUEUE_BYTES = 262_144;

    private static final String TEXT = "x".repeat(16_384);

    private static final int PUBLICATIONS = 100;

    @ParameterizedTest
    @EnumSource
    void clientsThatReadNothingHaveABoundedQueueAndAreDisconnected(RunningNode.Server kind) throws Exception {
        List<RawWebSocketClient> slow = new ArrayList<>();
        try (RunningNode running = new RunningNode(
                        kind, ClientOptions.builder().queueMaxBytes(QUEUE_BYTES).pingInterval(Duration.ZERO));
                RawWebSocketClient reader = running.client("all", 0)) {
            for (int i = 0; i < 20; i++) {
                slow.add(running.client("all", 4_096));
            }
            int threads = Thread.activeCount();
            long queued = 0;

            for (int i = 0; i < PUBLICATIONS; i++) {
                running.publish("all", TEXT + i);
                assertThat(reader.readMessage().text()).contains(TEXT + i + "\"");
                queued = Math.max(queued, running.maxQueuedBytes());
            }

            assertThat(queued).isBetween((long) TEXT.length(), QUEUE_BYTES + 2L * TEXT.length());
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 10);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(running.node().statistics().disconnects(Disconnect.SLOW.code()))
                        .isEqualTo(slow.size());
                assertThat(running.node().statistics().connections()).isEqualTo(1);
            });
            running.publish("all", "after");
            assertThat(reader.readMessage().text()).contains("after");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(running.maxQueuedBytes()).isZero());
        } finally {
            for (RawWebSocketClient client : slow) {
                client.close();
            }
        }
    }

    /** They do not even reply to the close frame, as clients that lost the network do not. */
    @ParameterizedTest
    @EnumSource
    void clientsThatNoLongerReplyAreDisconnectedAndTheirSocketsClosed(RunningNode.Server kind) throws Exception {
        List<RawWebSocketClient> silent = new ArrayList<>();
        try (RunningNode running = new RunningNode(
                        kind,
                        ClientOptions.builder()
                                .pingInterval(Duration.ofSeconds(2))
                                .pongTimeout(Duration.ofSeconds(1)));
                RawWebSocketClient living = running.client("all", 0)) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> replyUntilPublication(living));
            for (int i = 0; i < 20; i++) {
                silent.add(running.client("all", 0));
            }

            for (RawWebSocketClient client : silent) {
                List<Frame> frames = client.readToEnd();
                assertThat(frames.get(frames.size() - 1).closeCode()).isEqualTo(3012);
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(running.node().statistics().connections())
                            .isEqualTo(1));
            running.publish("all", "after");
            assertThat(heard.get()).contains("after");
        } finally {
            for (RawWebSocketClient client : silent) {
                client.close();
            }
        }
    }

    private static String replyUntilPublication(RawWebSocketClient client) {
        try {
            while (true) {
                String text = client.readMessage().text();
                if (!text.equals("{}")) {
                    return text;
                }
                client.sendText("{}");
            }
        } catch (Exception e) {
            return e.toString();
        }
    }
}
