package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How an application ends while clients are connected. */
class ShutdownIntegrationTests {

    private final ConfigurableApplicationContext application = new SpringApplicationBuilder(HostApplication.class)
            .sources(SlowPublication.class)
            .run(
                    "--server.port=0",
                    "--server.shutdown=graceful",
                    "--realtime.client.allow-anonymous-connect-without-token=true",
                    "--realtime.channel.without-namespace.allow-subscribe-for-anonymous=true",
                    "--realtime.channel.without-namespace.allow-subscribe-for-client=true");

    private final int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

    private final List<RawWebSocketClient> clients = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        application.close();
        for (RawWebSocketClient client : clients) {
            client.close();
        }
    }

    /**
     * A graceful web server waits for open connections for 30 seconds. Clients are disconnected before it
     * begins to wait, so that it has nothing to wait for.
     */
    @Test
    void clientsAreToldAndTheApplicationEndsAtOnce() throws Exception {
        RawWebSocketClient client = subscriber();
        long start = System.nanoTime();
        CompletableFuture<Void> end = CompletableFuture.runAsync(application::close);

        Frame farewell = client.read();
        client.sendClose(farewell.closeCode());
        end.get(20, TimeUnit.SECONDS);

        assertThat(farewell.closeCode()).isEqualTo(3001);
        assertThat(farewell.closeReason()).isEqualTo("shutdown");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    /** A hundred clients leave in five slices. After the first one is notified, the others are still served. */
    @Test
    void clientsLeaveInSlicesAndTheOthersAreServedMeanwhile() throws Exception {
        RealtimePublisher publisher = application.getBean(RealtimePublisher.class);
        for (int i = 0; i < 100; i++) {
            subscriber();
        }
        CompletableFuture<Void> end = CompletableFuture.runAsync(application::close);
        while (application.getBean(RealtimeNode.class).takesClients()) {
            Thread.onSpinWait();
        }

        publisher.publish("news", "last").block(Duration.ofSeconds(5));
        List<String> late = RawWebSocketClient.request(
                port,
                List.of(
                        "GET /connection/websocket HTTP/1.1",
                        "Host: localhost:" + port,
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13"));
        List<Frame> farewells = new ArrayList<>();
        int served = 0;
        for (RawWebSocketClient client : clients) {
            List<Frame> frames = client.readToClose();
            served += frames.size() - 1;
            farewells.add(frames.get(frames.size() - 1));
            client.sendClose(3001);
        }
        end.get(20, TimeUnit.SECONDS);

        assertThat(late.get(0)).contains("503");
        assertThat(served)
                .as("clients that heard what was published during the shutdown")
                .isGreaterThanOrEqualTo(20);
        assertThat(farewells)
                .allSatisfy(farewell -> assertThat(farewell.closeCode()).isEqualTo(3001));
    }

    @Test
    void requestUnderWayStillPublishes() throws Exception {
        SlowPublication requests = application.getBean(SlowPublication.class);
        CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow-publication"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(requests.begun.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> end = CompletableFuture.runAsync(application::close);
        while (application.getBean(RealtimeNode.class).takesClients()) {
            Thread.onSpinWait();
        }
        requests.finish.tryEmitEmpty();

        assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("published");
        end.get(20, TimeUnit.SECONDS);
    }

    private RawWebSocketClient subscriber() throws Exception {
        RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket");
        clients.add(client);
        client.sendText("{\"id\":1,\"connect\":{}}");
        client.read();
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
        client.read();
        return client;
    }

    /** Publishes when the test lets it. */
    @RestController
    static class SlowPublication {

        final CountDownLatch begun = new CountDownLatch(1);

        final Sinks.Empty<Void> finish = Sinks.empty();

        private final RealtimePublisher publisher;

        SlowPublication(RealtimePublisher publisher) {
            this.publisher = publisher;
        }

        @PostMapping("/slow-publication")
        Mono<String> publish() {
            begun.countDown();
            return finish.asMono()
                    .then(publisher.publish("news", "from a request"))
                    .thenReturn("published");
        }
    }
}
