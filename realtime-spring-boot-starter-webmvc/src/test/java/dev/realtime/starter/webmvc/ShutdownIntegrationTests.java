package dev.realtime.starter.webmvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.starter.webmvc.HostApplication.SlowPublication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How an application ends while clients are connected and a request is in progress. */
class ShutdownIntegrationTests {

    private final RunningHost host = RunningHost.start("server.shutdown=graceful");

    @AfterEach
    void end() {
        host.close();
    }

    /**
     * A graceful web server waits for open connections for 30 seconds. Clients are disconnected before it begins to
     * wait, so that it has nothing to wait for.
     */
    @Test
    void clientsAreDisconnectedAndTheApplicationEnds() throws Exception {
        try (RawWebSocketClient client = host.open(RunningHost.ENDPOINT)) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            long start = System.nanoTime();
            CompletableFuture<Void> end = CompletableFuture.runAsync(host::close);

            Frame farewell = client.read();
            client.sendClose(farewell.closeCode());
            end.get(20, TimeUnit.SECONDS);

            assertThat(farewell.closeCode()).isEqualTo(3001);
            assertThat(farewell.closeReason()).isEqualTo("shutdown");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void requestInProgressStillPublishes() throws Exception {
        SlowPublication requests = host.bean(SlowPublication.class);
        CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + "/slow-publication"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(requests.begun.await(10, TimeUnit.SECONDS)).isTrue();

        RealtimeNode node = host.bean(RealtimeNode.class);
        CompletableFuture<Void> end = CompletableFuture.runAsync(host::close);
        while (node.takesClients()) {
            Thread.onSpinWait();
        }
        requests.finish.countDown();

        assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("published");
        end.get(20, TimeUnit.SECONDS);
    }
}
