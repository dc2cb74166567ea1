package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of the server, connected over WebSocket, that reads what it receives line by line. */
public final class Visitor implements AutoCloseable, WebSocket.Listener {

    private static final Pattern CLIENT_ID = Pattern.compile("\"client\":\"([^\"]+)\"");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private final CompletableFuture<String> end = new CompletableFuture<>();

    private final StringBuilder message = new StringBuilder();

    private final WebSocket socket;

    private final String clientId;

    private Visitor(URI address, String user) {
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, this)
                .join();
        send("{\"id\":1,\"connect\":{\"data\":\"" + user + "\"}}");
        Matcher reply = CLIENT_ID.matcher(next());
        assertThat(reply.find()).isTrue();
        this.clientId = reply.group(1);
    }

    public static Visitor connect(ApiServer server, String user) {
        return new Visitor(URI.create("ws://localhost:" + server.port() + "/connection/websocket"), user);
    }

    public String clientId() {
        return clientId;
    }

    /** Subscribes by its own will. */
    public void subscribe(String channel) {
        send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        assertThat(next()).startsWith("{\"id\":2,\"subscribe\":{");
    }

    /** Subscribes to publications that may be differences. */
    void subscribeWithDeltas(String channel) {
        send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\",\"delta\":\"fossil\"}}");
        assertThat(next()).startsWith("{\"id\":2,\"subscribe\":{").contains("\"delta\":true");
    }

    private void send(String line) {
        socket.sendText(line, true).join();
    }

    /** Returns the next line it receives, pings left out. */
    public String next() {
        try {
            String line = lines.poll(10, TimeUnit.SECONDS);
            return line == null ? "nothing" : line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Code and reason of the close frame. */
    public String end() {
        return end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Whether nothing more was said. */
    public boolean heardNothingMore() {
        return lines.isEmpty() && !end.isDone();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            message.toString().lines().filter(line -> !line.equals("{}")).forEach(lines::add);
            message.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        end.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
