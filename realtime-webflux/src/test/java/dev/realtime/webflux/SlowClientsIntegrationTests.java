package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that read nothing, on servers with little memory: they are disconnected, and no other client is affected. */
class SlowClientsIntegrationTests {

    private static final int ROUNDS = 40;

    private static final int PUBLICATION_BYTES = 16_384;

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource({
        "reactor-netty, -Xmx128m, 400",
        "reactor-netty, -Xmx64m -XX:MaxDirectMemorySize=32m, 200",
        "tomcat, -Xmx64m -XX:MaxDirectMemorySize=32m, 60",
        "jetty, -Xmx64m -XX:MaxDirectMemorySize=32m, 200"
    })
    void clientsThatReadNothingAreSentAwayAndNobodyElseIsHarmed(String server, String options, int clients)
            throws Exception {
        Program program = Program.start(server, options.split(" "));
        try (program) {
            Reader small = new Reader(program.client("news", 0));
            Reader large = new Reader(program.client("own0", 0));
            small.start();
            large.start();

            flood(program, clients, 1, small, large);
            long usedOnce = Long.parseLong(program.state("direct"));
            flood(program, clients, 2, small, large);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Long.parseLong(program.state("direct")))
                            .as("direct memory after the second time, as after the first")
                            .isLessThan(usedOnce + Long.parseLong(program.state("max")) / 4));
            assertThat(program.output()).doesNotContain("OutOfDirectMemoryError", "OutOfMemoryError");
        } catch (Throwable e) {
            System.out.println(server + " said: " + program.output());
            throw e;
        }
    }

    private static void flood(Program program, int clients, int times, Reader small, Reader large) throws Exception {
        long slowBefore = Long.parseLong(program.state("slow"));
        List<RawWebSocketClient> slow = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            slow.add(program.client("own" + i, 4_096));
        }

        program.page("/flood?rounds=" + ROUNDS + "&channels=" + clients + "&bytes=" + PUBLICATION_BYTES);

        int expected = ROUNDS * times;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            assertThat(program.page("/page")).hasSize(20_000);
            assertThat(small.received).hasSize(expected);
            assertThat(large.received).hasSize(expected);
        });
        assertThat(small.received.subList(expected - ROUNDS, expected))
                .isEqualTo(IntStream.range(0, ROUNDS)
                        .mapToObj(round -> "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":\"" + round + "\"}}}")
                        .toList());
        assertThat(large.received).allMatch(message -> message.startsWith("{\"push\":{\"channel\":\"own0\""));
        assertThat(Long.parseLong(program.state("slow"))).isGreaterThan(slowBefore);
        for (RawWebSocketClient client : slow) {
            client.close();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(program.state("connections")).isEqualTo("2"));
    }

    /** A client that reads as fast as it can, and keeps the publications. */
    private static final class Reader extends Thread {

        final List<String> received = new CopyOnWriteArrayList<>();

        private final RawWebSocketClient client;

        Reader(RawWebSocketClient client) {
            this.client = client;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                client.waitForever();
                while (true) {
                    Frame frame = client.readMessage();
                    if (frame.opcode() == RawWebSocketClient.CLOSE) {
                        received.add("closed " + frame.closeCode());
                        return;
                    }
                    if (frame.text().equals("{}")) {
                        client.sendText("{}");
                    } else {
                        received.add(frame.text()
                                .substring(0, Math.min(60, frame.text().length())));
                    }
                }
            } catch (IOException e) {
                received.add(e.toString());
            }
        }
    }

    private static final class Program implements AutoCloseable {

        private static final Pattern PORT = Pattern.compile("PORT (\\d+)");

        private final HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

        private final Process process;

        private final StringBuffer output = new StringBuffer();

        private Program(Process process) {
            this.process = process;
            Thread reader = new Thread(this::read, "program-output");
            reader.setDaemon(true);
            reader.start();
        }

        static Program start(String server, String... options) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(options));
            command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
            command.add(SlowClientsProgram.class.getName());
            command.add(server);
            Program program = new Program(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(program.output()).containsPattern(PORT));
            return program;
        }

        private void read() {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                }
            } catch (IOException closed) {
                output.append(closed);
            }
        }

        String output() {
            return output.toString();
        }

        private int port() {
            Matcher matcher = PORT.matcher(output);
            assertThat(matcher.find()).isTrue();
            return Integer.parseInt(matcher.group(1));
        }

        String page(String path) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }

        String state(String name) throws Exception {
            Matcher value = Pattern.compile(name + "=(\\S+)").matcher(page("/state"));
            assertThat(value.find()).isTrue();
            return value.group(1);
        }

        /** A connected client with a subscription. */
        RawWebSocketClient client(String channel, int bufferBytes) throws IOException {
            RawWebSocketClient client =
                    RawWebSocketClient.connect(RawWebSocketClient.socket(port(), bufferBytes), "/connection/websocket");
            client.sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
            assertThat(client.read().text()).contains("\"connect\"");
            assertThat(client.read().text()).contains("\"subscribe\"");
            return client;
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }
}
