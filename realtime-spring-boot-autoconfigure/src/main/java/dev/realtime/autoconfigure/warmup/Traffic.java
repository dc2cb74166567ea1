package dev.realtime.autoconfigure.warmup;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Traffic of the warm-up, in rounds: clients shake hands, connect, subscribe, recover what they missed, get what one of
 * them and the node publish, and leave. All of a round are of one encoding. The clients and channels of one round at a
 * time take a bounded amount of memory.
 *
 * <p>Played by one thread. Any thread may end it, which closes the sockets that the thread waits for.
 */
final class Traffic {

    /** Number of clients in a round. */
    private static final int CLIENTS = 50;

    /** Number of publications of the node in a round. */
    private static final int PUBLICATIONS = 4;

    /** Number of clients after which it ends in any case. */
    private static final int MOST_CLIENTS = 100_000;

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);

    private static final String DATA =
            "{\"text\":\"warm-up\",\"from\":{\"name\":\"realtime\",\"id\":12345},\"n\":[1,2,3]}";

    private final Supplier<@Nullable Tokens> source;

    private final Compiler compiler;

    private final long limitNanos;

    private final List<PlayedClient> playing = new CopyOnWriteArrayList<>();

    private volatile boolean ended;

    private volatile int clients;

    private volatile long nanos;

    /**
     * @param source returns the token of the clients, {@code null} for none; called by the thread that plays
     * @param limit time after which no further round begins; the first one is always played
     */
    Traffic(Supplier<@Nullable Tokens> source, Compiler compiler, Duration limit) {
        this.source = source;
        this.compiler = compiler;
        this.limitNanos = limit.toNanos();
    }

    /** Plays rounds until the compiler has little to do, the time is over, or it is ended. */
    void play() throws IOException {
        long start = System.nanoTime();
        Tokens tokens = source.get();
        String token = tokens == null ? "" : tokens.token();
        try (PrivateServer server = new PrivateServer(tokens)) {
            server.start();
            for (int round = 0; !ended && clients < MOST_CLIENTS; round++) {
                round(server, Commands.values()[round % Commands.values().length], token, round);
                nanos = System.nanoTime() - start;
                if (nanos >= limitNanos || compiler.isDone()) {
                    return;
                }
            }
        } finally {
            nanos = System.nanoTime() - start;
        }
    }

    private void round(PrivateServer server, Commands commands, String token, int round) throws IOException {
        String recovered = PrivateServer.RECOVERED + ":" + round % 8;
        String plain = PrivateServer.PLAIN + ":" + round % 8;
        StreamPosition last = publish(server, recovered, PrivateServer.HISTORY);
        StreamPosition missed = new StreamPosition(last.offset() - PrivateServer.HISTORY, last.epoch());
        byte[] handshake = handshake(server, commands);
        try {
            for (int i = 0; i < CLIENTS && !ended; i++) {
                PlayedClient client = new PlayedClient();
                playing.add(client);
                client.open(server.address(), handshake);
            }
            if (ended) {
                return;
            }
            byte[] connect = commands.connect(token);
            byte[] subscribe = commands.subscribe(recovered, missed);
            byte[] subscribePlain = commands.subscribe(plain, StreamPosition.NONE);
            for (PlayedClient client : playing) {
                client.awaitOpen();
                client.send(connect);
                client.send(subscribe);
                client.send(subscribePlain);
                clients++;
            }
            for (PlayedClient client : playing) {
                client.awaitFrames(3);
            }
            playing.get(0).send(commands.publish(recovered, DATA));
            playing.get(0).awaitFrames(1);
            publish(server, recovered, PUBLICATIONS);
            publish(server, plain, PUBLICATIONS);
            byte[] close = Commands.close();
            for (PlayedClient client : playing) {
                client.awaitFrames(1 + 2 * PUBLICATIONS);
                client.send(close);
            }
            for (PlayedClient client : playing) {
                client.awaitEnd();
            }
        } finally {
            closeAll();
        }
    }

    /** Publishes a number of times; returns the place of the last. */
    private static StreamPosition publish(PrivateServer server, String channel, int count) {
        StreamPosition last = StreamPosition.NONE;
        for (int i = 0; i < count; i++) {
            last = server.publisher()
                    .publish(channel, Payload.ofText(DATA))
                    .blockOptional(PUBLISH_TIMEOUT)
                    .orElseThrow()
                    .position();
        }
        return last;
    }

    private static byte[] handshake(PrivateServer server, Commands commands) {
        InetSocketAddress address = server.address();
        String host = "localhost:" + address.getPort();
        String subprotocol =
                commands.subprotocol().isEmpty() ? "" : "Sec-WebSocket-Protocol: " + commands.subprotocol() + "\r\n";
        return ("GET " + server.path() + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nOrigin: http://" + host + "\r\nUser-Agent: realtime\r\n"
                        + "Accept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nSec-WebSocket-Version: 13\r\n"
                        + subprotocol + "Sec-WebSocket-Key: cmVhbHRpbWUgd2FybS11cA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Ends it immediately: sockets that are waited for are closed, and no further round begins. */
    void end() {
        ended = true;
        closeAll();
    }

    private void closeAll() {
        for (PlayedClient client : playing) {
            try {
                client.close();
            } catch (IOException ignored) {
                // It is closed all the same.
            }
        }
        playing.clear();
    }

    boolean ended() {
        return ended;
    }

    /** Returns the number of clients so far. */
    int clients() {
        return clients;
    }

    /** Returns how long it took, in milliseconds. */
    long millis() {
        return Duration.ofNanos(nanos).toMillis();
    }
}
