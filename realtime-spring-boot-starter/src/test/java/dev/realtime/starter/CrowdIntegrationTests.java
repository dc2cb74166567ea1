package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.statistics.NodeStatistics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Many concurrent clients, and some that misbehave, on real sockets. {@code docs/performance.md} has the command that
 * does the same with thousands.
 */
class CrowdIntegrationTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext application = new SpringApplicationBuilder(HostApplication.class)
            .run(
                    "--server.port=0",
                    "--realtime.client.allow-anonymous-connect-without-token=true",
                    "--realtime.client.ping-interval=8s",
                    "--realtime.client.pong-timeout=5s",
                    "--realtime.client.queue-max-size=256KB",
                    // The queue is to decide, not the time the socket takes nothing.
                    "--realtime.websocket.write-timeout=60s",
                    "--realtime.channel.namespaces.news.allow-subscribe-for-client=true",
                    "--realtime.channel.namespaces.news.allow-subscribe-for-anonymous=true",
                    "--realtime.channel.namespaces.news.history-size=100",
                    "--realtime.channel.namespaces.news.history-ttl=5m",
                    "--realtime.channel.namespaces.news.force-recovery=true");

    private final int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

    private final RealtimePublisher publisher = application.getBean(RealtimePublisher.class);

    private final NodeStatistics statistics =
            application.getBean(RealtimeNode.class).statistics();

    private final List<RawWebSocketClient> clients = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (RawWebSocketClient client : clients) {
            client.close();
        }
        application.close();
    }

    /** Ten clients stop reading among thirty that continue, and more is published than a socket can hold. */
    @Test
    void stoppedReadersAreDisconnectedAsSlowAndTheOthersMissNothing() throws Exception {
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            readers.add(Reader.subscribe(port));
        }
        for (int i = 0; i < 10; i++) {
            subscribe(register(
                    RawWebSocketClient.connect(RawWebSocketClient.socket(port, 64 * 1024), "/connection/websocket")));
        }
        String filling = "x".repeat(16_000);

        int published = 0;
        while (statistics.disconnects(3008) < 10 && published < 1_500) {
            for (int count = 0; count < 10; count++) {
                publisher.publish("news:all", ++published + " " + filling).block(LIMIT);
            }
            int all = published;
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(readers)
                            .allSatisfy(reader -> assertThat(reader.seen).hasSize(all)));
        }

        assertThat(statistics.disconnects(3008)).isEqualTo(10);
        assertThat(statistics.connections()).isEqualTo(30);
        List<Integer> everything = IntStream.rangeClosed(1, published).boxed().toList();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.seen).containsExactlyElementsOf(everything));
        readers.forEach(reader -> reader.socket.abort());
    }

    /**
     * As far as the server can see, clients whose network has gone without a word: their sockets are open and say
     * nothing.
     */
    @Test
    void clientsThatAnswerNoPingAreGoneAndTheirSocketsClosed() throws Exception {
        Reader alive = Reader.subscribe(port);
        for (int i = 0; i < 100; i++) {
            subscribe(register(RawWebSocketClient.connect(port, "/connection/websocket")));
        }

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(statistics.disconnects(3012)).isEqualTo(100));

        assertThat(statistics.connections()).isEqualTo(1);
        for (RawWebSocketClient client : clients) {
            List<Frame> heard = client.readToEnd();
            assertThat(heard.get(heard.size() - 1).closeCode()).isEqualTo(3012);
        }
        alive.socket.abort();
    }

    /** Three hundred clients lose their connections, miss twenty publications, and are all back at the same moment. */
    @Test
    void crowdThatComesBackAtOnceMissesNothing() throws Exception {
        List<Missing> missing = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String channel = "news:" + i % 30;
            missing.add(new Missing(
                    channel, subscribe(register(RawWebSocketClient.connect(port, "/connection/websocket")), channel)));
        }
        for (RawWebSocketClient client : clients) {
            client.reset();
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(statistics.connections()).isZero());
        for (int number = 1; number <= 20; number++) {
            for (int channel = 0; channel < 30; channel++) {
                publisher.publish("news:" + channel, number).block(LIMIT);
            }
        }

        ExecutorService crowd = Executors.newFixedThreadPool(32);
        List<List<Integer>> recovered = new ArrayList<>();
        try {
            List<Callable<List<Integer>>> returns = missing.stream()
                    .<Callable<List<Integer>>>map(client -> () -> client.comeBack(port))
                    .toList();
            for (var answer : crowd.invokeAll(returns, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                recovered.add(answer.get());
            }
        } finally {
            crowd.shutdownNow();
        }

        List<Integer> everything = IntStream.rangeClosed(1, 20).boxed().toList();
        assertThat(recovered).hasSize(300).allSatisfy(one -> assertThat(one).isEqualTo(everything));
    }

    private RawWebSocketClient register(RawWebSocketClient client) {
        clients.add(client);
        return client;
    }

    private static void subscribe(RawWebSocketClient client) throws IOException {
        subscribe(client, "news:all");
    }

    /** Returns the epoch of the channel. */
    private static String subscribe(RawWebSocketClient client, String channel) throws IOException {
        client.sendText("{\"id\":1,\"connect\":{}}");
        client.readMessage();
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        Matcher epoch = Pattern.compile("\"epoch\":\"([^\"]+)\"")
                .matcher(client.readMessage().text());
        assertThat(epoch.find()).as("subscribed to " + channel).isTrue();
        return epoch.group(1);
    }

    /** A client that was cut off before anything was published. */
    private record Missing(String channel, String epoch) {

        private static final Pattern DATA = Pattern.compile("\"data\":(\\d+)");

        /** Returns what it recovers. */
        List<Integer> comeBack(int port) throws IOException {
            try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
                client.sendText(
                        "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"%s\",\"recover\":true,"
                                        .formatted(channel)
                                + "\"epoch\":\"" + epoch + "\",\"offset\":0}}");
                String reply = client.readMessage().text();
                while (!reply.contains("\"id\":2")) {
                    reply = client.readMessage().text();
                }
                assertThat(reply).contains("\"recovered\":true");
                return DATA.matcher(reply)
                        .results()
                        .map(data -> Integer.valueOf(data.group(1)))
                        .toList();
            }
        }
    }

    /** Client that continues to read, replies to pings and records its publications. */
    private static final class Reader implements WebSocket.Listener {

        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        private static final Pattern NUMBER = Pattern.compile("\"data\":\"(\\d+) ");

        private final Queue<Integer> seen = new ConcurrentLinkedQueue<>();

        private final StringBuilder message = new StringBuilder();

        private final WebSocket socket;

        private volatile boolean subscribed;

        private Reader(int port) {
            socket = CLIENT.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + port + "/connection/websocket"), this)
                    .join();
        }

        static Reader subscribe(int port) {
            Reader reader = new Reader(port);
            reader.socket
                    .sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"news:all\"}}", true)
                    .join();
            await().atMost(LIMIT).until(() -> reader.subscribed);
            return reader;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                message.toString().lines().forEach(this::onMessage);
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void onMessage(String text) {
            Matcher number = NUMBER.matcher(text);
            if (text.equals("{}")) {
                socket.sendText("{}", true);
            } else if (text.contains("\"id\":2")) {
                subscribed = true;
            } else if (number.find()) {
                seen.add(Integer.valueOf(number.group(1)));
            }
        }
    }
}
