package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged sample with {@code spring.aot.enabled}, as a jar and as in its container image: beans were chosen when
 * it was built, what a deployment decides is given now.
 */
class AheadOfTimeIntegrationTests {

    private static final String KEY = "one-that-only-the-deployment-knows";

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** The first call of a handler loads most of the classes, which takes long on a busy machine. */
    private static final String PATIENT = "--realtime.client.handler-timeout=1m";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    /** The steps of the image are those of the page on operating. */
    @Test
    void imageServesClientsWithClassesFromItsTrainingRun(@TempDir Path scratch) throws Exception {
        ContainerImage image = ContainerImage.build(Path.of(System.getProperty("sample.directory")), scratch);
        Path classes = scratch.resolve("classes.log");

        try (Sample sample =
                Sample.start(image, "-Xlog:class+load:file=" + classes, "--realtime.http-api.key=" + KEY)) {
            joinLobbyAndHearAnnouncement(sample);
            assertThat(Files.readString(classes))
                    .containsPattern("dev\\.realtime\\.node\\.RealtimeNode source: shared objects file");
            assertThat(exitCode(image.check(), sample.url().getPort())).isZero();
            // The server may not have seen the end of the connection yet.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sample.call("info")).contains("\"num_clients\":0"));
        }
    }

    @Test
    void engineIsGivenWhenItStarts() throws Exception {
        try (Sample sample = Sample.start(
                "--realtime.http-api.key=" + KEY,
                "--realtime.engine=redis",
                "--realtime.redis.address=" + redis.get().address())) {
            joinLobbyAndHearAnnouncement(sample);
            assertThat(sample.get("/actuator/health")).contains("\"realtime\":{\"status\":\"UP\"");
            assertThat(redis.get().text("KEYS", "realtime*")).contains("chat:lobby");
        }
    }

    private static int exitCode(List<String> check, int port) throws Exception {
        List<String> command =
                check.stream().map(word -> word.replace("8080", "" + port)).toList();
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void joinLobbyAndHearAnnouncement(Sample sample) throws Exception {
        try (RawWebSocketClient client = RawWebSocketClient.connect(sample.url().getPort(), "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{\"data\":{\"user\":\"0123456789abcdef\",\"name\":\"Ada\"}}}");
            assertThat(client.read().text()).contains("\"name\":\"Ada\"");
            client.sendText("{\"id\":2,\"rpc\":{\"method\":\"roll\",\"data\":{\"dice\":3}}}");
            assertThat(client.read().text()).matches("\\{\"id\":2,\"rpc\":\\{\"data\":\\[\\d,\\d,\\d]}}");
            client.sendText("{\"id\":3,\"rpc\":{\"method\":\"roll\",\"data\":{\"dice\":7}}}");
            assertThat(client.read().text()).contains("\"code\":107");
            client.sendText("{\"id\":4,\"subscribe\":{\"channel\":\"chat:lobby\"}}");
            String subscribed = client.read().text();
            assertThat(
                            subscribed.contains("\"subscribe\"")
                                    ? subscribed
                                    : client.read().text())
                    .contains("\"recoverable\":true");

            sample.announce("Lunch is ready");

            String pushed = client.read().text();
            assertThat(pushed.contains("Lunch") ? pushed : client.read().text())
                    .contains("\"text\":\"Lunch is ready\"");
        }
    }

    /** The packaged sample as a program of its own. */
    private record Sample(Process process, URI url) implements AutoCloseable {

        private static final Pattern ADDRESS = Pattern.compile("Chat: (http://\\S+)");

        static Sample start(String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dspring.aot.enabled=true",
                    "-jar",
                    System.getProperty("sample.jar"),
                    "--server.port=0",
                    PATIENT));
            command.addAll(List.of(arguments));
            return start(new ProcessBuilder(command));
        }

        /** Starts the entry point of an image with an option for the JVM and an argument. */
        static Sample start(ContainerImage image, String option, String argument) throws Exception {
            List<String> command = new ArrayList<>(image.command());
            command.add(1, option);
            command.addAll(List.of("--server.port=0", PATIENT, argument));
            return start(new ProcessBuilder(command).directory(image.directory().toFile()));
        }

        private static Sample start(ProcessBuilder command) throws Exception {
            Process process = command.redirectErrorStream(true).start();
            try {
                return new Sample(process, address(process));
            } catch (Exception failed) {
                process.destroyForcibly();
                throw failed;
            }
        }

        private static URI address(Process process) throws Exception {
            CompletableFuture<URI> address = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(process, address), "sample-output");
            reader.setDaemon(true);
            reader.start();
            return address.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        /** Reads to the end: a program stops when the pipe of its output is full. */
        private static void read(Process process, CompletableFuture<URI> address) {
            StringBuilder output = new StringBuilder();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    Matcher matcher = ADDRESS.matcher(line);
                    if (matcher.find()) {
                        address.complete(URI.create(matcher.group(1)));
                    }
                }
            } catch (IOException closed) {
                output.append(closed);
            }
            address.completeExceptionally(new IllegalStateException("The sample ended:\n" + output));
        }

        void announce(String text) throws Exception {
            send(HttpRequest.newBuilder(url.resolve("/messages/lobby"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}")));
        }

        String call(String method) throws Exception {
            return send(HttpRequest.newBuilder(url.resolve("/api/" + method))
                    .header("Content-Type", "application/json")
                    .header("X-API-Key", KEY)
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
        }

        String get(String path) throws Exception {
            return send(HttpRequest.newBuilder(url.resolve(path)));
        }

        private static String send(HttpRequest.Builder request) throws Exception {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }
}
