package dev.realtime.test;

import dev.realtime.test.conversation.Conversation;
import dev.realtime.test.conversation.DataReader;
import dev.realtime.test.conversation.ReceivedEvent;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Pushes to one client. They wait, in order, until the test awaits them. */
final class ClientPushes {

    /** Time after which a live server is taken to have nothing to send. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private final String client;

    private final Conversation conversation;

    private final ClientConnection connection;

    private final DataReader reader;

    private final Duration timeout;

    /**
     * @param client name of the client
     * @param timeout for a push
     */
    ClientPushes(
            String client,
            Conversation conversation,
            ClientConnection connection,
            DataReader reader,
            Duration timeout) {
        this.client = client;
        this.conversation = conversation;
        this.connection = connection;
        this.reader = reader;
        this.timeout = timeout;
    }

    /** @param channel empty for any */
    ReceivedPublication awaitPublication(String channel) {
        ReceivedEvent event = await("pub", channel);
        return new ReceivedPublication(event.channel(), event.body(), reader, conversation);
    }

    <T> T awaitMessage(Class<T> type) {
        return reader.read(await("message", "").body().path("data"), type, "a message", conversation);
    }

    /**
     * Waits for a push.
     *
     * @param kind as in the protocol, for instance {@code join}
     * @param channel empty for any
     */
    ReceivedEvent await(String kind, String channel) {
        connection.checkOpen();
        String what = (kind.equals("pub") ? "a publication" : "a push '" + kind + "'")
                + (channel.isEmpty() ? "" : " in '" + channel + "'") + " for client '" + client + "'";
        return await(matching(kind, channel), what, () -> what);
    }

    /** @param known channels that the client is in */
    ReceivedEvent awaitSubscription(String channel, Set<String> known) {
        connection.settle();
        return await(
                matching("subscribe", channel),
                "a subscription to '" + channel + "'",
                () -> "a subscription of client '" + client + "' to '" + channel + "' (it has " + new TreeSet<>(known)
                        + ")");
    }

    private ReceivedEvent await(Predicate<ReceivedEvent> matches, String what, Supplier<String> whatInTime) {
        ReceivedEvent event = conversation.awaitEvent(matches, timeout, whatInTime);
        if (event == null) {
            throw conversation.failure("Expected " + what + ", but " + connection.end() + conversation.waiting());
        }
        return event;
    }

    /** @param channel empty for any */
    void expectNoPublication(String channel) {
        connection.checkOpen();
        if (!connection.settle()) {
            waitUntilQuiet();
        }
        ReceivedEvent event = conversation.peek(matching("pub", channel));
        if (event != null) {
            throw conversation.failure("Expected no publication for client '" + client + "', but received one in '"
                    + event.channel() + "': " + event.body().path("data"));
        }
    }

    private static void waitUntilQuiet() {
        try {
            Thread.sleep(QUIET.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Predicate<ReceivedEvent> matching(String kind, String channel) {
        return event -> event.kind().equals(kind)
                && (channel.isEmpty() || event.channel().equals(channel));
    }
}
