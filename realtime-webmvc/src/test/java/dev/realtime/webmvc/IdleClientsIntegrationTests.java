package dev.realtime.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.connection.ClientOptions;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory and threads of 5,000 idle connections on Tomcat. */
class IdleClientsIntegrationTests {

    private static final int CLIENTS = 5_000;

    private static final int MAX_HEAP_BYTES = 30_000;

    @Test
    void idleConnectionsNeedNoThreadAndLittleMemory() throws Exception {
        List<RawWebSocketClient> clients = new ArrayList<>();
        try (RunningNode running = new RunningNode(
                RunningNode.Server.TOMCAT, ClientOptions.builder().pingInterval(Duration.ZERO))) {
            for (int i = 0; i < 100; i++) {
                clients.add(running.client("all", 0));
            }
            int threads = Thread.activeCount();
            long heap = usedHeap();

            while (clients.size() < CLIENTS + 100) {
                clients.add(running.client("all", 0));
            }

            long heapOfEach = (usedHeap() - heap) / CLIENTS;
            int moreThreads = Thread.activeCount() - threads;
            System.out.printf(
                    "%d idle connections: %d more threads, %d bytes of heap each, clients included%n",
                    CLIENTS, moreThreads, heapOfEach);
            assertThat(moreThreads).isLessThan(20);
            assertThat(heapOfEach).isLessThan(MAX_HEAP_BYTES);
            assertThat(running.maxQueuedBytes()).isZero();

            running.publish("all", "hello");

            for (RawWebSocketClient client : clients) {
                assertThat(client.read().text()).contains("hello");
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(running.maxQueuedBytes()).isZero());
        } finally {
            for (RawWebSocketClient client : clients) {
                client.close();
            }
        }
    }

    /** Returns the heap in use when the collector finds no more garbage. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
