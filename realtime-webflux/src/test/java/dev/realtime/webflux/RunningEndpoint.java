package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.web.WebSocketOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import reactor.netty.http.server.HttpServer;

/** The WebSocket endpoint on Reactor Netty, with a node that records its calls. */
final class RunningEndpoint implements AutoCloseable {

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private final AtomicBoolean full = new AtomicBoolean();

    private final RealtimeWebSocketHandler handler;

    private final WebServer server;

    RunningEndpoint(WebSocketOptions options, String... allowedOrigins) {
        this(options, UnaryOperator.identity(), allowedOrigins);
    }

    RunningEndpoint(WebSocketOptions options, UnaryOperator<HttpServer> customizer, String... allowedOrigins) {
        handler = new RealtimeWebSocketHandler(
                transport -> {
                    RecordingListener listener = new RecordingListener(transport);
                    accepted.add(listener);
                    return listener;
                },
                options);
        server = WebServer.reactorNetty(Endpoint.of(handler, options, () -> !full.get(), allowedOrigins), customizer);
    }

    /** Makes the node reject further clients. */
    void becomesFull() {
        full.set(true);
    }

    int port() {
        return server.port();
    }

    RawWebSocketClient client(String... headers) throws IOException {
        return RawWebSocketClient.connect(port(), RealtimeWebSocketMapping.DEFAULT_PATH, headers);
    }

    RawWebSocketClient clientWithQuery(String query) throws IOException {
        return RawWebSocketClient.connect(port(), RealtimeWebSocketMapping.DEFAULT_PATH + "?" + query);
    }

    /** Head of the answer to a request for the endpoint; the request is an upgrade but for the lines given. */
    List<String> request(String... head) throws IOException {
        return RawWebSocketClient.request(port(), List.of(head));
    }

    /** Of the connection that was opened first and not asked for yet. */
    RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    @Override
    public void close() {
        server.close();
        handler.close();
    }
}
