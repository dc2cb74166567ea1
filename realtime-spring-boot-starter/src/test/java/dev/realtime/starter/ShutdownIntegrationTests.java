package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.transport.RawWebSocketClient;
import dev.realtime.transport.RawWebSocketClient.Frame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** How an application ends while clients are connected. */
class ShutdownIntegrationTests {

    /**
     * A graceful web server waits for open connections for 30 seconds. Clients are told to go elsewhere before it begins to
     * wait, so that it has nothing to wait for.
     */
    @Test
    void clientsAreToldAndTheApplicationEndsAtOnce() throws Exception {
        ConfigurableApplicationContext application = new SpringApplicationBuilder(HostApplication.class)
                .run(
                        "--server.port=0",
                        "--server.shutdown=graceful",
                        "--realtime.client.allow-anonymous-connect-without-token=true");
        int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            long start = System.nanoTime();
            CompletableFuture<Void> end = CompletableFuture.runAsync(application::close);

            Frame farewell = client.read();
            client.sendClose(farewell.closeCode());
            end.get(20, TimeUnit.SECONDS);

            assertThat(farewell.closeCode()).isEqualTo(3001);
            assertThat(farewell.closeReason()).isEqualTo("shutdown");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        } finally {
            application.close();
        }
    }
}
