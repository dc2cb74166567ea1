package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of one recoverable channel come, go, get lost and come back at random, while publications are lost and the
 * engine replies late. A small model of each client follows its frames. It must receive every offset once and in
 * order, or be notified that it may have missed some; what is not recovered must not have been recoverable; and in the
 * end no client is behind.
 */
@ExtendWith(BufferLeaks.class)
class RandomClientsTests {

    private static final String CHANNEL = "news:a";

    private static final int KEPT = 5;

    private static final ClientCodec CODEC = ClientCodec.of(ProtocolType.JSON);

    private final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.pingInterval(Duration.ZERO).recoveryMaxPublicationLimit(4))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .history(new HistoryOptions(KEPT, Duration.ofSeconds(300), Duration.ofSeconds(600)))
                            .forceRecovery(true))
            .start();

    /** Publications so far; each carries its own number in the life of the server. */
    private int published;

    /** Publications that did not reach the node. */
    private int lost;

    private boolean answersHeld;

    /** One person at one device, over all its connections. */
    private final class ModelClient {

        private ScriptedClient connection = server.client().connected();

        /** Position of the client; {@code null} before its first subscribe reply. */
        private @Nullable StreamPosition position;

        private boolean subscribed;

        private boolean asked;

        /** How many publications were lost in the life of the server when it subscribed. */
        private int lostBefore;

        private int told;

        private final List<Integer> seen = new ArrayList<>();

        void subscribe() {
            if (subscribed || asked) {
                return;
            }
            asked = true;
            lostBefore = lost;
            boolean recover = position != null;
            connection.send(CODEC.encode(new Command(
                    2,
                    Request.Subscribe.builder(CHANNEL)
                            .recover(recover)
                            .epoch(position == null ? "" : position.epoch())
                            .offset(position == null ? 0 : position.offset())
                            .positioned(true)
                            .recoverable(true)
                            .build())));
            read();
        }

        void unsubscribe() {
            connection.send(CODEC.encode(new Command(3, new Request.Unsubscribe(CHANNEL))));
            read();
        }

        void drop() {
            connection.drop();
            connectAgain();
        }

        private void connectAgain() {
            connection = server.client().connected();
            subscribed = false;
            asked = false;
        }

        void read() {
            for (byte[] message : connection.takeBytes()) {
                CODEC.decode(message).forEach(this::follow);
            }
            if (connection.closedWith() != null) {
                assertThat(connection.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
                toldOfALoss();
                connection.drop();
                connectAgain();
            }
        }

        private void follow(Object message) {
            if (message instanceof Reply.Success reply && reply.result() instanceof Result.Subscribe result) {
                opened(result);
            } else if (message instanceof Reply.Success reply && reply.result() instanceof Result.Unsubscribe) {
                subscribed = false;
            } else if (message instanceof Push.Pub pub) {
                assertThat(subscribed).as("subscribed when a publication comes").isTrue();
                see(pub.publication());
            } else if (message instanceof Push.Unsubscribed unsubscribed) {
                assertThat(unsubscribed.unsubscribe().code()).isEqualTo(2500);
                subscribed = false;
                toldOfALoss();
            } else {
                throw new AssertionError("unexpected " + message);
            }
        }

        private void toldOfALoss() {
            told++;
            assertThat(lost).as("publications lost").isGreaterThan(lostBefore);
        }

        private void opened(Result.Subscribe result) {
            asked = false;
            subscribed = true;
            StreamPosition before = position;
            if (result.recovered()) {
                assertThat(before).isNotNull();
                assertThat(result.offset()).isEqualTo(before.offset());
                assertThat(result.epoch()).isEqualTo(before.epoch());
                result.publications().forEach(this::see);
                return;
            }
            assertThat(result.publications()).isEmpty();
            assertThat(result.wasRecovering()).isEqualTo(before != null);
            position = new StreamPosition(result.offset(), result.epoch());
            if (before != null) {
                told++;
                assertThat(answersHeld || !recoverable(before))
                        .as("could have been recovered")
                        .isTrue();
            }
        }

        private void see(Publication publication) {
            assertThat(publication.offset()).isEqualTo(position.offset() + 1);
            position = new StreamPosition(publication.offset(), position.epoch());
            int number = Integer.parseInt(publication.data().text());
            assertThat(seen).as("seen twice or out of order").allMatch(earlier -> earlier < number);
            seen.add(number);
        }
    }

    private HistoryResult kept() {
        return server.await(server.node().channels().history(CHANNEL, new HistoryQuery(-1, null, false)));
    }

    private boolean recoverable(StreamPosition since) {
        HistoryResult kept = kept();
        long missed = kept.position().offset() - since.offset();
        boolean allKept = missed == 0
                || kept.publications().stream()
                                .filter(publication -> publication.offset() > since.offset())
                                .count()
                        == missed;
        return since.epoch().equals(kept.position().epoch()) && missed >= 0 && missed <= 4 && allKept;
    }

    private void publish() {
        server.await(server.node().publisher().publish(CHANNEL, Payload.ofText(String.valueOf(++published))));
    }

    private void lose() {
        lost++;
        server.engine().losePublications(true);
        publish();
        server.engine().losePublications(false);
    }

    private void repeatTheLast() {
        HistoryResult kept = kept();
        if (!kept.publications().isEmpty()) {
            Publication last = kept.publications().get(kept.publications().size() - 1);
            server.engine()
                    .deliver(
                            CHANNEL,
                            last,
                            new StreamPosition(last.offset(), kept.position().epoch()));
            server.run();
        }
    }

    /**
     * The stream is unused for a while: its history expires, and after some more time its position is forgotten as
     * well, so that the next one has another epoch.
     */
    private void leaveTheStream(List<ModelClient> clients, int seconds) {
        release(clients);
        clients.forEach(ModelClient::drop);
        server.passSeconds(seconds);
    }

    private void hold(Random random) {
        answersHeld = true;
        Call call = random.nextBoolean() ? Call.HISTORY : Call.SUBSCRIBE;
        if (random.nextBoolean()) {
            server.engine().hold(call);
        } else {
            server.engine().holdResults(call);
        }
    }

    private void release(List<ModelClient> clients) {
        server.engine().release(Call.SUBSCRIBE);
        server.engine().release(Call.HISTORY);
        clients.forEach(ModelClient::read);
        answersHeld = false;
    }

    private void step(Random random, List<ModelClient> clients) {
        ModelClient client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5 -> publish();
            case 6 -> lose();
            case 7, 8, 9, 10, 11, 12 -> client.subscribe();
            case 13 -> client.unsubscribe();
            case 14, 15 -> client.drop();
            case 16 -> hold(random);
            case 17, 18, 19 -> release(clients);
            case 20 -> server.passSeconds(random.nextInt(60));
            case 21 -> {
                release(clients);
                repeatTheLast();
            }
            case 22 -> {
                if (random.nextInt(10) == 0) {
                    server.await(server.node().channels().removeHistory(CHANNEL));
                }
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    leaveTheStream(clients, random.nextBoolean() ? 400 : 700);
                }
            }
        }
        clients.forEach(ModelClient::read);
    }

    /** Everyone comes back, and has as much time as the periodic check needs to find what is missing. */
    private void settle(List<ModelClient> clients) {
        release(clients);
        clients.forEach(ModelClient::subscribe);
        server.passSeconds(120);
        clients.forEach(ModelClient::read);
        clients.forEach(ModelClient::subscribe);
        StreamPosition top = kept().position();
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.subscribed).isTrue();
            assertThat(client.position).isEqualTo(top);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void everyOffsetIsSeenOnceAndInOrderOrTheClientIsTold(long seed) {
        Random random = new Random(seed);
        List<ModelClient> clients = List.of(new ModelClient(), new ModelClient(), new ModelClient());

        for (int i = 0; i < 300; i++) {
            step(random, clients);
        }
        settle(clients);

        assertThat(clients).allSatisfy(client -> assertThat(client.seen).isNotEmpty());
        assertThat(clients.stream().mapToInt(client -> client.told).sum()).isPositive();
        server.close();
    }
}
