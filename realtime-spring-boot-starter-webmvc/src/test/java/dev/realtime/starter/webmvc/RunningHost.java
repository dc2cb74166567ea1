package dev.realtime.starter.webmvc;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The host application on free ports, and requests to it. */
final class RunningHost implements AutoCloseable {

    static final String ENDPOINT = "/connection/websocket";

    static final String KEY = "0123456789abcdef01234567";

    private final ConfigurableApplicationContext context;

    private RunningHost(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningHost start(String... properties) {
        return new RunningHost(new SpringApplicationBuilder(HostApplication.class)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "realtime.http-api.key=" + KEY,
                        "realtime.client.insecure=true")
                .properties(properties)
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    int port() {
        return port("local.server.port");
    }

    int managementPort() {
        return port("local.management.port");
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                                .build(),
                        BodyHandlers.ofString());
    }

    RawWebSocketClient open(String path, String... headers) throws IOException {
        return RawWebSocketClient.connect(port(), path, headers);
    }

    /** Returns the status line of the reply to an upgrade. */
    static String upgrade(int port, String... headers) throws IOException {
        List<String> head = new ArrayList<>(List.of(
                "GET " + ENDPOINT + " HTTP/1.1",
                "Host: localhost:" + port,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        head.addAll(List.of(headers));
        return RawWebSocketClient.request(port, head).get(0);
    }

    /** Returns the status line of the reply to a call of the API. */
    static String info(int port) throws IOException {
        return RawWebSocketClient.request(
                        port,
                        List.of(
                                "POST /api/info HTTP/1.1",
                                "Host: localhost:" + port,
                                "X-API-Key: " + KEY,
                                "Content-Length: 2",
                                "Connection: close",
                                "",
                                "{}"))
                .get(0);
    }

    @Override
    public void close() {
        context.close();
    }
}
