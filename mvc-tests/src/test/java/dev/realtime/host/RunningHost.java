package dev.realtime.host;

import dev.realtime.browser.Browser;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application on a free port, and clients that talk to it. */
final class RunningHost implements AutoCloseable {

    static final String ENDPOINT = "/connection/websocket";

    static final String KEY = "0123456789abcdef01234567";

    private final ConfigurableApplicationContext context;

    private RunningHost(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningHost start(Container container, Class<?>[] sources, String... properties) {
        return startAt(0, container, sources, properties);
    }

    static RunningHost startAt(int port, Container container, Class<?>[] sources, String... properties) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                container.property(),
                                "server.port=" + port,
                                "spring.main.banner-mode=off",
                                "realtime.shutdown.spread=0s",
                                "realtime.http-api.key=" + KEY),
                        Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        return new RunningHost(new SpringApplication(sources).run(arguments));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Returns the port that {@code realtime.server.port} opened. */
    int ownPort() {
        return context.getEnvironment().getRequiredProperty("local.realtime.port", Integer.class);
    }

    /** Returns a browser with the log-in of a user by the form. */
    Browser loggedIn(String user) throws IOException, InterruptedException {
        Browser browser = new Browser(port());
        browser.post("/login", Map.of("username", user, "password", "secret"));
        return browser;
    }

    RawWebSocketClient open(String... headers) throws IOException {
        return RawWebSocketClient.connect(port(), ENDPOINT, headers);
    }

    /** Returns the status line of the reply to a handshake. */
    String handshake(String... headers) throws IOException {
        List<String> head = new ArrayList<>(List.of(
                "GET " + ENDPOINT + " HTTP/1.1",
                "Host: localhost:" + port(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        head.addAll(List.of(headers));
        return RawWebSocketClient.request(port(), head).get(0);
    }

    /** Returns what the server says next to a command, or how it closes. JSON is in single quotes. */
    static String ask(RawWebSocketClient client, String command) throws IOException {
        client.sendText(command.replace('\'', '"'));
        return next(client);
    }

    static String next(RawWebSocketClient client) throws IOException {
        RawWebSocketClient.Frame frame = client.read();
        return frame.opcode() == RawWebSocketClient.CLOSE
                ? "close " + frame.closeCode()
                : frame.text().replace('"', '\'');
    }

    @Override
    public void close() {
        context.close();
    }
}
