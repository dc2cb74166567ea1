package dev.realtime.test.socket;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** WebSocket to a live server, with the client of the JDK. */
public final class LiveSocket implements ClientSocket {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final ProtocolType protocol;

    private final SocketListener client;

    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile @Nullable WebSocket socket;

    /** Sends of one WebSocket must not overlap. Guarded by this. */
    private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);

    /** Set while the next message is not requested. Guarded by this. */
    private boolean paused;

    /** Set if a message was due while paused. Guarded by this. */
    private boolean requestHeld;

    private LiveSocket(ProtocolType protocol, SocketListener client) {
        this.protocol = protocol;
        this.client = client;
    }

    /**
     * Opens a WebSocket.
     *
     * @param uri address of the endpoint, {@code ws} or {@code wss}
     * @param headers of the handshake
     * @throws IllegalStateException if the server cannot be reached or refuses the handshake
     */
    public static LiveSocket open(
            URI uri, ProtocolType protocol, Map<String, List<String>> headers, SocketListener client) {
        LiveSocket live = new LiveSocket(protocol, client);
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        headers.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        if (protocol == ProtocolType.PROTOBUF) {
            builder.subprotocols("centrifuge-protobuf");
        }
        try {
            live.socket = builder.buildAsync(uri, live.new Listener()).join();
        } catch (CompletionException failure) {
            throw new IllegalStateException(
                    "Could not open a WebSocket to " + uri + ": " + failure.getCause()
                            + ". Check that the server runs, the path (`realtime.websocket.path`) and the origin"
                            + " (`realtime.client.allowed-origins`).",
                    failure.getCause());
        }
        return live;
    }

    @Override
    public synchronized void send(byte[] frame) {
        WebSocket open = socket;
        if (open == null || ended.get()) {
            return;
        }
        lastSend = lastSend.handle((done, failure) -> null)
                .thenCompose(done -> protocol == ProtocolType.JSON
                        ? open.sendText(new String(frame, StandardCharsets.UTF_8), true)
                        : open.sendBinary(ByteBuffer.wrap(frame), true));
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public synchronized void resume() {
        paused = false;
        WebSocket open = socket;
        if (requestHeld && open != null) {
            requestHeld = false;
            open.request(1);
        }
    }

    private synchronized void requestNext(WebSocket open) {
        if (paused) {
            requestHeld = true;
        } else {
            open.request(1);
        }
    }

    @Override
    public void drop() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        closed(Disconnect.CONNECTION_CLOSED);
    }

    private void closed(Disconnect disconnect) {
        if (ended.compareAndSet(false, true)) {
            client.onClosed(disconnect);
        }
    }

    @Override
    public boolean settle() {
        return false;
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public void onOpen(WebSocket open) {
            open.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket open, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                client.onFrame(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
            }
            requestNext(open);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket open, ByteBuffer part, boolean last) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                client.onFrame(binary.toByteArray());
                binary.reset();
            }
            requestNext(open);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket open, int code, String reason) {
            closed(new Disconnect(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket open, Throwable failure) {
            closed(Disconnect.CONNECTION_CLOSED);
        }
    }
}
