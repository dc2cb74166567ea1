package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.positioned;
import static dev.realtime.node.SubscribedReply.publication;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.statistics.NamespaceStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publications that a client recovers when it returns to a channel with a position. */
@ExtendWith(BufferLeaks.class)
class StreamRecoveryTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(5).queueMaxBytes(10_000))
            .namespace(
                    "news",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forceRecovery(true))
            .namespace(
                    "short",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(2)).forceRecovery(true))
            .namespace(
                    "watched",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forcePositioning(true))
            .namespace("plain", options -> options.subscribeAccess(ANYONE))
            .start();

    private final ScriptedClient client = server.client().connected();

    @Test
    void everythingMissedIsRecovered() {
        server.publish("news:a", 1, 2, 3, 4);

        assertThat(client.subscribe("news:a").since(2, "e1").reply())
                .isEqualTo(recovered(2, "e1", publication(3), publication(4)));
    }

    @Test
    void clientThatMissedNothingIsRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(2, "e1").reply()).isEqualTo(recovered(2, "e1"));
    }

    @Test
    void clientAtTheBeginningOfAnEmptyStreamIsRecovered() {
        server.await(server.node().channels().position("news:a"));

        assertThat(client.subscribe("news:a").since(0, "e1").reply()).isEqualTo(recovered(0, "e1"));
    }

    @Test
    void wholeStreamIsRecoveredFromOffsetZero() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(0, "e1").reply())
                .isEqualTo(recovered(0, "e1", publication(1), publication(2)));
    }

    @Test
    void emptyEpochIsNotCompared() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(1, "").reply()).isEqualTo(recovered(1, "e1", publication(2)));
    }

    @Test
    void positionOfAnotherEpochIsNotRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(1, "other").reply()).isEqualTo(notRecovered(2, "e1"));
    }

    @Test
    void positionOfAnEpochThatTheStreamWentOnFromIsRecoveredWithThePresentEpoch() {
        server.engine().continueFrom(new StreamPosition(2, "former"));
        server.publish("news:a", 1, 2, 3);

        assertThat(client.subscribe("news:a").since(2, "former").reply()).isEqualTo(recovered(2, "e1", publication(3)));
        client.unsubscribed("news:a");
        assertThat(client.subscribe("news:a").since(3, "former").reply()).isEqualTo(notRecovered(3, "e1"));
    }

    @Test
    void offsetOfTheFutureIsNotRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(3, "e1").reply()).isEqualTo(notRecovered(2, "e1"));
        client.unsubscribed("news:a");
        assertThat(client.subscribe("news:a").since(-1, "e1").reply()).isEqualTo(notRecovered(2, "e1"));
    }

    @Test
    void publicationsTrimmedBySizeAreNotRecovered() {
        server.publish("short:a", 1, 2, 3, 4);

        assertThat(client.subscribe("short:a").since(1, "e1").reply()).isEqualTo(notRecovered(4, "e1"));
        client.unsubscribed("short:a");
        assertThat(client.subscribe("short:a").since(2, "e1").reply())
                .isEqualTo(recovered(2, "e1", publication(3), publication(4)));
    }

    @Test
    void removedHistoryIsNotRecovered() {
        server.publish("news:a", 1, 2);
        server.await(server.node().channels().removeHistory("news:a"));

        assertThat(client.subscribe("news:a").since(1, "e1").reply()).isEqualTo(notRecovered(2, "e1"));
        client.unsubscribed("news:a");
        assertThat(client.subscribe("news:a").since(2, "e1").reply()).isEqualTo(recovered(2, "e1"));
    }

    @Test
    void expiredHistoryIsNotRecovered() {
        server.publish("news:a", 1, 2);
        server.passSeconds(61);

        assertThat(server.client()
                        .connected()
                        .subscribe("news:a")
                        .since(1, "e1")
                        .reply())
                .isEqualTo(notRecovered(2, "e1"));
    }

    @Test
    void expiredPositionHasAnotherEpoch() {
        server.publish("news:a", 1, 2);
        server.passSeconds(601);

        assertThat(server.client()
                        .connected()
                        .subscribe("news:a")
                        .since(2, "e1")
                        .reply())
                .isEqualTo(notRecovered(0, "e2"));
    }

    @Test
    void moreThanTheLimitIsNotRecovered() {
        server.publish("news:a", 1, 2, 3, 4, 5, 6);

        assertThat(client.subscribe("news:a").since(0, "e1").reply()).isEqualTo(notRecovered(6, "e1"));
        client.unsubscribed("news:a");
        assertThat(client.subscribe("news:a").since(1, "e1").reply())
                .isEqualTo(recovered(
                        1, "e1", publication(2), publication(3), publication(4), publication(5), publication(6)));
    }

    @Test
    void clientThatAsksForAnErrorGetsItInPlaceOfAnUnrecoveredSubscription() {
        server.publish("news:a", 1, 2);

        assertThat(client.subscribe("news:a").since(1, "other").orError().error())
                .isEqualTo(error(112, "unrecoverable position"));
        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().subscribed()).isEmpty();

        assertThat(client.subscribe("news:a").since(1, "e1").orError().reply())
                .isEqualTo(recovered(1, "e1", publication(2)));
    }

    @Test
    void channelThatIsNotRecoverableSaysThatItWasAsked() {
        assertThat(client.subscribe("plain:a").since(1, "e1").reply()).isEqualTo(SUBSCRIBED.askedToRecover());
        assertThat(client.subscribe("watched:a").since(1, "e1").reply())
                .isEqualTo(positioned(0, "e1").askedToRecover());
    }

    @Test
    void recoveriesAreCounted() {
        server.publish("news:a", 1, 2);
        client.subscribe("news:a").since(1, "e1").reply();
        server.client().connected().subscribe("news:a").since(1, "other").reply();
        server.client().connected().subscribed("news:a");

        NamespaceStatistics news = server.node().statistics().namespace("news");
        assertThat(news.recovered()).isEqualTo(1);
        assertThat(news.notRecovered()).isEqualTo(1);
    }
}
