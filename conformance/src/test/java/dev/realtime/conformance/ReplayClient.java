package dev.realtime.conformance;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/** One client of a replay: sends commands and collects frames, in either encoding. Replies to pings. */
final class ReplayClient implements WebSocket.Listener, AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final long FIRST_FENCE = 1_000_000;

    private final boolean protobuf;

    private final WebSocket socket;

    /** Replies and pushes, then one text that says how the connection ended. */
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private long fence = FIRST_FENCE;

    private boolean answered;

    private boolean ended;

    ReplayClient(URI server, boolean protobuf) {
        this.protobuf = protobuf;
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        if (protobuf) {
            builder.subprotocols("centrifuge-protobuf");
        }
        socket = builder.buildAsync(URI.create("ws" + server.toString().substring(4) + "/connection/websocket"), this)
                .join();
    }

    /** Returns whether nothing has been answered yet. */
    boolean isNew() {
        return !answered;
    }

    boolean ended() {
        return ended;
    }

    synchronized void send(ObjectNode command) {
        try {
            (protobuf
                            ? socket.sendBinary(ByteBuffer.wrap(WireSchema.toProtobuf(command)), true)
                            : socket.sendText(command.toString(), true))
                    .join();
        } catch (CompletionException closed) {
            // How it was closed is among what arrived.
        }
    }

    /**
     * All frames up to the replies to two commands that change nothing: the first shows that the server was in this
     * connection once more, the second that it wrote what it had to then.
     *
     * @param id of a command whose answer is awaited before; 0 for none
     */
    List<Object> takeAll(long id) throws InterruptedException {
        List<Object> all = new ArrayList<>();
        if (id > 0) {
            takeUntil(id, all);
        }
        for (int i = 0; i < 2 && !ended; i++) {
            long last = fence++;
            send(WireSchema.parse("{\"id\":%d,\"presence\":{\"channel\":\"plain:fence\"}}".formatted(last)));
            takeUntil(last, all);
        }
        return all;
    }

    private void takeUntil(long id, List<Object> all) throws InterruptedException {
        while (!ended) {
            Object next = arrived.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("The server neither replies nor closes; frames so far: " + all);
            }
            ended = next instanceof String;
            long answered = next instanceof ObjectNode reply ? reply.path("id").asLong() : 0;
            if (answered < FIRST_FENCE) {
                all.add(next);
            }
            if (answered == id) {
                return;
            }
        }
    }

    /** The answer to connect, or how the connection ended. */
    Object first() throws InterruptedException {
        Object first = arrived.poll(20, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("The server does not answer connect");
        }
        answered = true;
        ended = first instanceof String || ((ObjectNode) first).has("error");
        return first;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.writeBytes(data.toString().getBytes(StandardCharsets.UTF_8));
        if (last) {
            message.toString(StandardCharsets.UTF_8).lines().forEach(line -> arrive(WireSchema.parse(line)));
            message.reset();
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        message.writeBytes(bytes);
        if (last) {
            ByteBuffer frame = ByteBuffer.wrap(message.toByteArray());
            message.reset();
            while (frame.hasRemaining()) {
                arrive(WireSchema.nextReply(frame));
            }
        }
        webSocket.request(1);
        return null;
    }

    private void arrive(ObjectNode reply) {
        if (reply.isEmpty()) {
            send(WireSchema.parse("{}"));
        } else {
            arrived.add(reply);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        arrived.add("closed with " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
        arrived.add("lost: " + failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
