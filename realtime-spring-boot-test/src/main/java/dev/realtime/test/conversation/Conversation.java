package dev.realtime.test.conversation;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.test.protocol.ClientCodec;
import dev.realtime.test.socket.ClientSocket;
import dev.realtime.test.socket.SocketListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages between a client and the server over one or, after reconnects, several sockets: commands and their replies
 * by id, pushes in the order of arrival until the test awaits them, and the positions of channels. Replies to pings.
 * Guarded by its monitor, which is notified of everything that arrives.
 */
public final class Conversation {

    private static final int MAX_EVENTS = 100_000;

    private final ClientCodec codec;

    private final Transcript transcript;

    private final Map<Long, ObjectNode> replies = new HashMap<>();

    private final List<ReceivedEvent> events = new ArrayList<>();

    private final Map<String, StreamPosition> positions = new HashMap<>();

    private @Nullable ClientSocket socket;

    private @Nullable Disconnect closed;

    private long lastId;

    private int generation;

    public Conversation(ClientCodec codec, Transcript transcript) {
        this.codec = codec;
        this.transcript = transcript;
    }

    /** Returns the listener of the next socket; that of the previous one is ignored. */
    public synchronized SocketListener next() {
        closed = null;
        replies.clear();
        return new Listener(++generation);
    }

    public synchronized void opened(ClientSocket socket) {
        this.socket = socket;
    }

    /** Ends the connection, if there is one. */
    public void drop() {
        ClientSocket open;
        synchronized (this) {
            open = socket;
        }
        if (open != null) {
            open.drop();
        }
    }

    /** Waits for deliveries of the server; returns whether all of them are known to have arrived. */
    public boolean settle() {
        ClientSocket open;
        synchronized (this) {
            open = socket;
        }
        return open != null && open.settle();
    }

    /** Returns the socket, open or not. */
    public synchronized ClientSocket socket() {
        if (socket == null) {
            throw new IllegalStateException("The client has no socket.");
        }
        return socket;
    }

    public Transcript transcript() {
        return transcript;
    }

    /** Sends a command and returns its id; 0 for a command that has no reply. */
    public long send(String kind, ObjectNode body, boolean replied) {
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        long id;
        ClientSocket open;
        synchronized (this) {
            id = replied ? ++lastId : 0;
            open = socket();
        }
        if (replied) {
            command.put("id", id);
        }
        command.set(kind, body);
        byte[] frame = codec.encode(command);
        transcript.sent(command);
        open.send(frame);
        return id;
    }

    /** Waits for a reply; {@code null} if the connection ended instead. */
    @Nullable
    public ObjectNode awaitReply(long id, Duration timeout, Supplier<String> what) {
        return await(timeout, what, () -> replies.remove(id));
    }

    /** Waits for the first push that matches, and takes it; {@code null} if the connection ended instead. */
    @Nullable
    public ReceivedEvent awaitEvent(Predicate<ReceivedEvent> matches, Duration timeout, Supplier<String> what) {
        return await(timeout, what, () -> take(matches));
    }

    /** Takes the first push that matches, if it is here. */
    synchronized @Nullable ReceivedEvent take(Predicate<ReceivedEvent> matches) {
        for (Iterator<ReceivedEvent> all = events.iterator(); all.hasNext(); ) {
            ReceivedEvent event = all.next();
            if (matches.test(event)) {
                all.remove();
                return event;
            }
        }
        return null;
    }

    /** Returns the first push that matches, and leaves it. */
    public synchronized @Nullable ReceivedEvent peek(Predicate<ReceivedEvent> matches) {
        return events.stream().filter(matches).findFirst().orElse(null);
    }

    /** Waits for the end of the connection. */
    public Disconnect awaitClosed(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (this) {
            while (closed == null) {
                waitUntil(deadline, () -> "Expected the server to disconnect the client, but it is connected.");
            }
            return closed;
        }
    }

    private <T> @Nullable T await(Duration timeout, Supplier<String> what, Supplier<@Nullable T> take) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (this) {
            while (true) {
                T taken = take.get();
                if (taken != null) {
                    return taken;
                }
                if (closed != null) {
                    return null;
                }
                waitUntil(
                        deadline,
                        () -> "Expected " + what.get() + ", but it did not arrive within " + timeout.toMillis() + " ms."
                                + waiting());
            }
        }
    }

    /** Describes the pushes that were received and not expected, for a message. */
    public synchronized String waiting() {
        if (events.isEmpty()) {
            return " Nothing else was received.";
        }
        StringBuilder text = new StringBuilder(" Received instead, and not expected by the test:");
        events.stream()
                .limit(10)
                .forEach(event -> text.append("\n  ")
                        .append(event.kind())
                        .append(event.channel().isEmpty() ? "" : " in '" + event.channel() + "'")
                        .append(' ')
                        .append(event.body()));
        return events.size() > 10 ? text + "\n  … and " + (events.size() - 10) + " more" : text.toString();
    }

    private void waitUntil(long deadline, Supplier<String> message) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw failure(message.get());
        }
        try {
            // Rounded up: 0 would wait forever.
            wait(left / 1_000_000 + 1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("The test was interrupted. " + message.get());
        }
    }

    /** Returns a failure with the transcript below the message. */
    public AssertionError failure(String message) {
        return failure(message, null);
    }

    public AssertionError failure(String message, @Nullable Throwable cause) {
        return new AssertionError(message + "\n\n" + transcript, cause);
    }

    /** Returns how the connection ended, {@code null} while it is open. */
    public synchronized @Nullable Disconnect closed() {
        return closed;
    }

    /** Returns where the client is in the stream of a channel, {@code null} if it has no position there. */
    public synchronized @Nullable StreamPosition position(String channel) {
        return positions.get(channel);
    }

    /** Takes the position and the recovered publications out of the result of a subscribe. */
    public synchronized void subscribed(String channel, JsonNode result) {
        result.path("publications").forEach(publication -> add(new ReceivedEvent("pub", channel, publication)));
        if (result.path("recoverable").asBoolean(false)
                || result.path("positioned").asBoolean(false)) {
            positions.put(
                    channel,
                    new StreamPosition(
                            result.path("offset").asLong(0),
                            result.path("epoch").asString("")));
        } else {
            positions.remove(channel);
        }
    }

    private void add(ReceivedEvent event) {
        if (events.size() >= MAX_EVENTS) {
            events.remove(0);
        }
        events.add(event);
    }

    private synchronized void received(ObjectNode reply) {
        long id = reply.path("id").asLong(0);
        if (id != 0) {
            replies.put(id, reply);
        } else if (reply.get("push") instanceof ObjectNode push) {
            pushed(push);
        }
        notifyAll();
    }

    private void pushed(ObjectNode push) {
        String channel = push.path("channel").asString("");
        for (Map.Entry<String, JsonNode> property : push.properties()) {
            if (!property.getKey().equals("channel")) {
                JsonNode body = property.getValue();
                if (property.getKey().equals("pub")) {
                    moved(channel, body);
                } else if (property.getKey().equals("subscribe")) {
                    subscribed(channel, body);
                }
                add(new ReceivedEvent(property.getKey(), channel, body));
            }
        }
    }

    private void moved(String channel, JsonNode publication) {
        StreamPosition position = positions.get(channel);
        long offset = publication.path("offset").asLong(0);
        if (position != null && offset != 0) {
            positions.put(
                    channel,
                    new StreamPosition(offset, publication.path("epoch").asString(position.epoch())));
        }
    }

    private synchronized void ended(Disconnect disconnect) {
        closed = disconnect;
        notifyAll();
    }

    /** Listener of one socket, ignored once there is a later one. */
    private final class Listener implements SocketListener {

        private final int of;

        Listener(int of) {
            this.of = of;
        }

        private boolean isLast() {
            synchronized (Conversation.this) {
                return of == generation;
            }
        }

        @Override
        public void onFrame(byte[] frame) {
            if (!isLast()) {
                return;
            }
            for (ObjectNode reply : codec.decode(frame)) {
                if (reply.isEmpty()) {
                    transcript.pinged();
                    socket().send(codec.encode(JsonNodeFactory.instance.objectNode()));
                } else {
                    transcript.received(reply);
                    received(reply);
                }
            }
        }

        @Override
        public void onClosed(Disconnect disconnect) {
            if (isLast()) {
                transcript.closed(disconnect);
                ended(disconnect);
            }
        }
    }
}
