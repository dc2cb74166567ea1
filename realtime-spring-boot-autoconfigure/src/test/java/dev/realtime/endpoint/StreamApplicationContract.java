package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.spi.transport.RawHttpClient;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Clients of all streams of a whole application with Spring Security, as bytes on the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamApplicationContract {

    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\",\"node\":\"([^\"]+)\"");

    /** One for all tests but those after its end. */
    private ConfigurableApplicationContext context;

    private int port;

    private int channels;

    /** Channel of the test. */
    private String channel;

    private final Class<?> application;

    private final WebApplicationType type;

    StreamApplicationContract(Class<?> application, WebApplicationType type) {
        this.application = application;
        this.type = type;
    }

    @BeforeEach
    void start() {
        channel = "news" + ++channels;
        if (context != null && context.isActive()) {
            return;
        }
        context = new SpringApplicationBuilder(application)
                .web(type)
                .properties(
                        "server.port=0",
                        "realtime.server.port=0",
                        "realtime.client.allowed-origins=https://app.example",
                        "spring.main.banner-mode=off",
                        "realtime.shutdown.spread=0s",
                        "realtime.client.insecure=true",
                        "realtime.channel.without-namespace.history-size=10",
                        "realtime.channel.without-namespace.history-ttl=1m",
                        "realtime.channel.without-namespace.force-recovery=true",
                        "realtime.http-stream.enabled=true",
                        "realtime.sse.enabled=true",
                        "realtime.uni-sse.enabled=true",
                        "realtime.uni-http-stream.enabled=true",
                        "realtime.uni-websocket.enabled=true")
                .run();
        port = port("local.server.port");
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    @AfterAll
    void stop() {
        context.close();
    }

    @Test
    void httpStreamCarriesTheRepliesToPostedCommands() throws Exception {
        try (RawHttpClient stream = open().send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}")) {
            assertThat(stream.readHead()).isEqualTo(200);
            String connected = stream.readLine();
            assertThat(connected)
                    .startsWith("{\"id\":1,\"connect\":{\"client\":\"")
                    .contains("\"ping\":25,\"pong\":true");

            post(connected, "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");

            assertThat(stream.readLine()).startsWith("{\"id\":2,\"subscribe\":{");
            publish("1");
            assertThat(stream.readLine())
                    .isEqualTo("{\"push\":{\"channel\":\"" + channel + "\",\"pub\":{\"data\":1,\"offset\":1}}}");
        }
    }

    @Test
    void eventsCarryTheRepliesToPostedCommands() throws Exception {
        String connect = URLEncoder.encode("{\"id\":1,\"connect\":{}}", StandardCharsets.UTF_8);
        try (RawHttpClient stream = open().send("GET", "/connection/sse?cf_connect=" + connect, "")) {
            assertThat(stream.readHead()).isEqualTo(200);
            assertThat(stream.readLine()).isEqualTo("\r");
            String connected = event(stream);

            post(connected, "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}\\n{\"id\":3,\"rpc\":{}}");

            assertThat(event(stream)).startsWith("{\"id\":2,\"subscribe\":{");
            assertThat(event(stream)).startsWith("{\"id\":3,\"error\":{\"code\":108,");
        }
    }

    @Test
    void malformedCommandsEndTheStreamWithAPush() throws Exception {
        try (RawHttpClient stream = open().send("POST", "/connection/http_stream", "")) {
            assertThat(stream.readHead()).isEqualTo(200);
            assertThat(stream.readLine())
                    .isEqualTo("{\"push\":{\"disconnect\":{\"code\":3501,\"reason\":\"bad request\"}}}");
            assertThat(stream.readToEnd()).isEmpty();
        }
        try (RawHttpClient stream = open().send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}")) {
            stream.readHead();
            post(stream.readLine(), "nonsense");
            assertThat(stream.readLine()).contains("\"code\":3501");
        }
    }

    @Test
    void unidirectionalEventsAreBarePushes() throws Exception {
        String connect = URLEncoder.encode("{\"subs\":{\"" + channel + "\":{}}}", StandardCharsets.UTF_8);
        try (RawHttpClient stream = open().send("GET", "/connection/uni_sse?cf_connect=" + connect, "")) {
            assertThat(stream.readHead()).isEqualTo(200);
            assertThat(stream.readLine()).isEqualTo("\r");
            assertThat(stream.readLine())
                    .startsWith("data: {\"connect\":{\"client\":\"")
                    .contains("\"subs\":{\"" + channel + "\":{")
                    .doesNotContain("\"pong\"")
                    .doesNotContain("\"node\"");
            assertThat(stream.readLine()).startsWith("id: 0:").endsWith(":" + channel);
            assertThat(stream.readLine()).isEmpty();
            publish("{\"text\":\"hello\"}");
            assertThat(stream.readLine())
                    .isEqualTo("data: {\"channel\":\"" + channel
                            + "\",\"pub\":{\"data\":{\"text\":\"hello\"},\"offset\":1}}");
            assertThat(stream.readLine()).startsWith("id: 1:").endsWith(":" + channel);
            assertThat(stream.readLine()).isEmpty();
        }
    }

    @Test
    void eventSourceRecoversFromItsLastEventId() throws Exception {
        String target = "/connection/uni_sse?cf_connect="
                + URLEncoder.encode("{\"subs\":{\"" + channel + "\":{},\"other\":{}}}", StandardCharsets.UTF_8);
        String id;
        try (RawHttpClient stream = open().send("GET", target, "")) {
            stream.readHead();
            stream.readLine();
            idOf(stream, "{\"connect\":");
            publish("1");
            id = idOf(stream, "{\"channel\":\"" + channel + "\"");
            assertThat(id).contains("1:").contains(":" + channel).contains("0:").contains(":other");
        }
        publish("2");
        publish("3");

        try (RawHttpClient stream = open().send("GET", target, "", "Last-Event-ID: " + id)) {
            stream.readHead();
            stream.readLine();
            String connected = stream.readLine();
            assertThat(connected)
                    .contains("\"publications\":[{\"data\":2,\"offset\":2},{\"data\":3,\"offset\":3}]")
                    .contains("\"recovered\":true");
            assertThat(stream.readLine()).startsWith("id: ").contains("3:");
        }
        for (String unknown : new String[] {"42", "x:y:z", "1:e:nowhere:channel", "1:e:" + channel + ","}) {
            try (RawHttpClient stream = open().send("GET", target, "", "Last-Event-ID: " + unknown)) {
                stream.readHead();
                stream.readLine();
                assertThat(stream.readLine()).as(unknown).startsWith("data: {\"connect\":");
            }
        }
    }

    @Test
    void unidirectionalLinesAreBarePushes() throws Exception {
        try (RawHttpClient stream =
                open().send("POST", "/connection/uni_http_stream", "{\"subs\":{\"" + channel + "\":{}}}")) {
            assertThat(stream.readHead()).isEqualTo(200);
            assertThat(stream.readLine()).startsWith("{\"connect\":{");
            publish("1");
            assertThat(stream.readLine())
                    .isEqualTo("{\"channel\":\"" + channel + "\",\"pub\":{\"data\":1,\"offset\":1}}");
        }
    }

    @Test
    void unidirectionalWebSocketTakesTheConnectRequestAsFirstMessageOrInTheQuery() throws Exception {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/uni_websocket")) {
            client.sendText("{\"subs\":{\"" + channel + "\":{}}}");
            assertThat(client.read().text()).startsWith("{\"connect\":{");
            client.sendText("ignored");
            publish("1");
            assertThat(client.read().text())
                    .isEqualTo("{\"channel\":\"" + channel + "\",\"pub\":{\"data\":1,\"offset\":1}}");
        }
        try (RawWebSocketClient client =
                RawWebSocketClient.connect(port, "/connection/uni_websocket?cf_connect=%7B%7D")) {
            assertThat(client.read().text()).startsWith("{\"connect\":{");
        }
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/uni_websocket")) {
            client.sendText("nonsense");
            assertThat(client.read().closeCode()).isEqualTo(3501);
        }
    }

    @Test
    void shutdownEndsAllStreamsWithAPush() throws Exception {
        try (RawHttpClient stream = open().send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}");
                RawHttpClient events = open().send("GET", "/connection/uni_sse", "");
                RawWebSocketClient socket =
                        RawWebSocketClient.connect(port, "/connection/uni_websocket?cf_connect=null")) {
            stream.readHead();
            stream.readLine();
            events.readHead();
            events.readLine();
            event(events);
            socket.read();

            context.close();

            assertThat(stream.readLine())
                    .isEqualTo("{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}");
            assertThat(stream.readToEnd()).isEmpty();
            assertThat(event(events)).isEqualTo("{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}");
            assertThat(events.readToEnd()).isEmpty();
            Frame push = socket.read();
            assertThat(push.text()).isEqualTo("{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}");
            assertThat(socket.read().closeCode()).isEqualTo(3001);
        }
    }

    @Test
    void pageOfAnotherOriginIsRefusedAndOtherPathsStayGuarded() throws Exception {
        String foreign = "Origin: https://evil.example";
        assertThat(status("POST", "/connection/http_stream", foreign)).isEqualTo(403);
        assertThat(status("POST", "/emulation", foreign)).isEqualTo(403);
        assertThat(status("GET", "/connection/uni_sse", foreign)).isEqualTo(403);
        assertThat(status("POST", "/other")).isEqualTo(403);
    }

    @Test
    void portOfItsOwnHasTheSameEndpoints() throws Exception {
        int port = port("local.realtime.port");
        try (RawHttpClient stream =
                RawHttpClient.open(port).send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}")) {
            assertThat(stream.readHead()).isEqualTo(200);
            assertThat(stream.readLine()).startsWith("{\"id\":1,\"connect\":{");
        }
        try (RawWebSocketClient client =
                RawWebSocketClient.connect(port, "/connection/uni_websocket?cf_connect=%7B%7D")) {
            assertThat(client.read().text()).startsWith("{\"connect\":{");
        }
        try (RawHttpClient client = RawHttpClient.open(port)
                .send(
                        "OPTIONS",
                        "/emulation",
                        "",
                        "Origin: https://app.example",
                        "Access-Control-Request-Method: POST")) {
            assertThat(client.readHead()).isEqualTo(204);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        }
    }

    @Test
    void unknownNodeIsNotFoundAndUnknownSessionIsAccepted() throws Exception {
        try (RawHttpClient stream = open().send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}")) {
            stream.readHead();
            Matcher connected = session(stream.readLine());
            assertThat(emulate("x", connected.group(2), "{}")).isEqualTo(204);
            assertThat(emulate("", connected.group(2), "{}")).isEqualTo(204);
            assertThat(emulate(connected.group(1), "x", "{}")).isEqualTo(404);
        }
    }

    private RawHttpClient open() throws IOException {
        return RawHttpClient.open(port);
    }

    private int status(String method, String path, String... headers) throws IOException {
        try (RawHttpClient client = open().send(method, path, "{}", headers)) {
            return client.readHead();
        }
    }

    private void post(String connected, String commands) throws IOException {
        Matcher session = session(connected);
        assertThat(emulate(session.group(1), session.group(2), commands.replace("\"", "\\\"")))
                .isEqualTo(204);
    }

    private int emulate(String session, String node, String data) throws IOException {
        String body = "{\"session\":\"%s\",\"node\":\"%s\",\"data\":\"%s\"}".formatted(session, node, data);
        try (RawHttpClient client = open().send("POST", "/emulation", body, "Content-Type: application/json")) {
            return client.readHead();
        }
    }

    private static Matcher session(String connected) {
        Matcher session = SESSION.matcher(connected);
        assertThat(session.find()).as(connected).isTrue();
        return session;
    }

    private static String event(RawHttpClient stream) throws IOException {
        String line = stream.readLine();
        assertThat(line).startsWith("data: ");
        assertThat(stream.readLine()).isEmpty();
        return line.substring("data: ".length());
    }

    /** Reads an event that has an id. */
    private static String idOf(RawHttpClient stream, String data) throws IOException {
        assertThat(stream.readLine()).startsWith("data: " + data);
        String line = stream.readLine();
        assertThat(line).startsWith("id: ");
        assertThat(stream.readLine()).isEmpty();
        return line.substring("id: ".length());
    }

    private void publish(String json) {
        context.getBean(RealtimePublisher.class).publishJson(channel, json).block(Duration.ofSeconds(5));
    }
}
