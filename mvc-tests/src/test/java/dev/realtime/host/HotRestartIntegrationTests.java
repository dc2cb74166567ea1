package dev.realtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A restart inside the JVM, as by DevTools: another context at the ports of the one that was closed. */
class HotRestartIntegrationTests {

    private static final Class<?>[] APPLICATION = {HostApplication.class, LiveOrders.class};

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static final String TOKENS = "realtime.client.token.hmac-secret-key=0123456789abcdef0123456789abcdef";

    @Test
    @SuppressWarnings("try") // the first one is closed while its clients are connected
    void portsAndThreadsAreReleasedAndClientsConnectAgain() throws Exception {
        Container container = Container.TOMCAT;
        Set<Thread> before = threads();
        int port;
        int ownPort;
        try (RunningHost first = RunningHost.start(container, APPLICATION, "realtime.server.port=0", TOKENS);
                RawWebSocketClient client = first.open(first.loggedIn("ann").cookie())) {
            port = first.port();
            ownPort = first.ownPort();
            assertThat(RunningHost.ask(client, CONNECT)).contains("'client':");
            RawWebSocketClient other = RawWebSocketClient.connect(ownPort, RunningHost.ENDPOINT);

            first.close();

            assertThat(client.read().closeCode()).isEqualTo(3001);
            assertThat(other.read().closeCode()).isEqualTo(3001);
            other.close();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(before).containsAll(threads()));

        try (RunningHost second =
                        RunningHost.startAt(port, container, APPLICATION, "realtime.server.port=" + ownPort, TOKENS);
                RawWebSocketClient client = second.open(second.loggedIn("ann").cookie());
                RawWebSocketClient other = RawWebSocketClient.connect(ownPort, RunningHost.ENDPOINT)) {
            assertThat(RunningHost.ask(client, CONNECT)).contains("'client':");
            assertThat(RunningHost.ask(other, CONNECT)).isEqualTo("close 3501");
        }
    }

    /** Returns the threads of the server. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("realtime-"))
                .collect(Collectors.toSet());
    }
}
