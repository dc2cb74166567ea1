package dev.realtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.failure.ConfigurationProblemException;
import io.netty.channel.socket.SocketChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.resources.LoopResources;

/** Network transports of the server with the library of io_uring on the class path. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TransportsTests {

    /** The kernel decides whether there is io_uring; where it refuses, the start has to say so. */
    @Test
    void ioUringServesClientsWhereTheKernelPermitsIt() throws Exception {
        if (reactorNettyHasIoUring()) {
            assertThat(threadThatServes("io_uring")).contains("-io_uring-");
        } else {
            assertThatThrownBy(() -> start("io_uring"))
                    .rootCause()
                    .isInstanceOf(ConfigurationProblemException.class)
                    .hasMessageContaining("kernel.io_uring_disabled");
        }
    }

    @Test
    void epollServesClientsThoughIoUringIsThere() throws Exception {
        assertThat(threadThatServes("epoll")).startsWith("reactor-http-epoll-");
    }

    private static boolean reactorNettyHasIoUring() {
        LoopResources loops = LoopResources.create("probe", 1, true);
        try {
            return loops.onChannelClass(SocketChannel.class, loops.onServer(true))
                    .getName()
                    .contains(".uring.");
        } finally {
            loops.dispose();
        }
    }

    private static ConfigurableApplicationContext start(String transport) {
        return SpringApplication.run(LoadServer.class, "--server.port=0", "--realtime.server.transport=" + transport);
    }

    /** Connects a client, and returns the name of the thread that it is served by. */
    private static String threadThatServes(String transport) throws Exception {
        try (ConfigurableApplicationContext server = start(transport)) {
            CompletableFuture<String> reply = new CompletableFuture<>();
            String port = server.getEnvironment().getProperty("local.server.port");
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + port + "/connection/websocket"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                                    reply.complete(data.toString());
                                    return null;
                                }
                            })
                    .get(30, TimeUnit.SECONDS);
            client.sendText("{\"id\":1,\"connect\":{}}", true);
            assertThat(reply.get(30, TimeUnit.SECONDS)).contains("\"connect\"");
            client.abort();
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("reactor-http"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
