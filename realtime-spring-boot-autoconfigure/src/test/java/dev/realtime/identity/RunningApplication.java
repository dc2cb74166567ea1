package dev.realtime.identity;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.RealtimeClients;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole application on a free port, and clients that talk to it. */
final class RunningApplication implements AutoCloseable {

    static final String PATH = "/connection/websocket";

    private final HttpClient http = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    private final int port;

    private RunningApplication(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    static RunningApplication start(Class<?> application, String... properties) {
        return start(application, context -> {}, properties);
    }

    /** @param early called when logging is set up and before there are any beans */
    static RunningApplication start(
            Class<?> application,
            ApplicationContextInitializer<ConfigurableApplicationContext> early,
            String... properties) {
        String[] all = Stream.concat(
                        Stream.of("server.port=0", "spring.main.banner-mode=off", "realtime.shutdown.spread=0s"),
                        Stream.of(properties))
                .toArray(String[]::new);
        return new RunningApplication(new SpringApplicationBuilder(application)
                .web(WebApplicationType.REACTIVE)
                .initializers(early)
                .properties(all)
                .run());
    }

    int port() {
        return port;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    HttpClient http() {
        return http;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    /** Answer of the server to an upgrade with these headers, such as {@code HTTP/1.1 101 Switching Protocols}. */
    String upgrade(String... headers) throws IOException {
        List<String> head = new ArrayList<>(List.of(
                "GET " + PATH + " HTTP/1.1",
                "Host: localhost:" + port,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        head.addAll(List.of(headers));
        return RawWebSocketClient.request(port, head).get(0);
    }

    RawWebSocketClient open(String... headers) throws IOException {
        return RawWebSocketClient.connect(port, PATH, headers);
    }

    /** What the server says to a connect command: a reply, or how it closes. */
    String connect(String command, String... headers) throws IOException {
        try (RawWebSocketClient client = open(headers)) {
            return ask(client, command);
        }
    }

    /** What the server says next to a command: a reply, or how it closes. */
    static String ask(RawWebSocketClient client, String command) throws IOException {
        client.sendText(command.replace('\'', '"'));
        RawWebSocketClient.Frame frame = client.read();
        return frame.opcode() == RawWebSocketClient.CLOSE
                ? "close " + frame.closeCode()
                : frame.text().replace('"', '\'');
    }

    /** Connections of a user. */
    List<ConnectedClient> connections(String user) {
        return bean(RealtimeClients.class).connections(user).collectList().block(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        context.close();
    }
}
