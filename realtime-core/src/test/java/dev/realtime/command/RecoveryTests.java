package dev.realtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.statistics.NamespaceStatistics;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client gets that comes back to a channel, and how it is merged with what is published meanwhile. */
@ExtendWith(BufferLeaks.class)
class RecoveryTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static HistoryOptions keeping(int size) {
        return new HistoryOptions(size, Duration.ofMinutes(1), Duration.ofMinutes(10));
    }

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
            .namespace(
                    "state",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(1))
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE))
            .namespace(
                    "auto",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(1))
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE)
                            .autoCacheRecover(true))
            .namespace("plain", options -> options.subscribeAccess(ANYONE))
            .start();

    private final ScriptedClient client = server.client().connect();

    private static String since(String channel, String position) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "','recover':true" + position + "}}";
    }

    private static String notRecovered(int top) {
        return "{'id':2,'subscribe':{'recoverable':true,'epoch':'e1'" + (top == 0 ? "" : ",'offset':" + top)
                + ",'positioned':true,'was_recovering':true}}";
    }

    private static String recovered(String publications, int since) {
        return "{'id':2,'subscribe':{'recoverable':true,'epoch':'e1'" + publications + ",'recovered':true"
                + (since == 0 ? "" : ",'offset':" + since) + ",'positioned':true,'was_recovering':true}}";
    }

    private static String push(String channel, int number) {
        return "{'push':{'channel':'" + channel + "','pub':{'data':'" + number + "','offset':" + number + "}}}";
    }

    // ---- Stream

    @Test
    void everythingMissedIsRecovered() {
        server.publish("news:a", 1, 2, 3, 4);

        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':2")))
                .containsExactly(recovered(",'publications':[{'data':'3','offset':3},{'data':'4','offset':4}]", 2));
    }

    @Test
    void clientThatMissedNothingIsRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':2"))).containsExactly(recovered("", 2));
    }

    @Test
    void clientAtTheBeginningOfAnEmptyStreamIsRecovered() {
        server.await(server.node().channels().position("news:a"));

        assertThat(client.ask(since("news:a", ",'epoch':'e1'"))).containsExactly(recovered("", 0));
    }

    @Test
    void wholeStreamIsRecoveredFromOffsetZero() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'epoch':'e1'")))
                .containsExactly(recovered(",'publications':[{'data':'1','offset':1},{'data':'2','offset':2}]", 0));
    }

    @Test
    void emptyEpochIsNotCompared() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'offset':1")))
                .containsExactly(recovered(",'publications':[{'data':'2','offset':2}]", 1));
    }

    @Test
    void positionOfAnotherEpochIsNotRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'epoch':'other','offset':1"))).containsExactly(notRecovered(2));
    }

    @Test
    void positionOfAnEpochThatTheStreamWentOnFromIsRecoveredWithThePresentEpoch() {
        server.engine().continueFrom(new StreamPosition(2, "former"));
        server.publish("news:a", 1, 2, 3);

        assertThat(client.ask(since("news:a", ",'epoch':'former','offset':2")))
                .containsExactly(recovered(",'publications':[{'data':'3','offset':3}]", 2));
        client.ask("{'id':3,'unsubscribe':{'channel':'news:a'}}");
        assertThat(client.ask(since("news:a", ",'epoch':'former','offset':3"))).containsExactly(notRecovered(3));
    }

    @Test
    void offsetOfTheFutureIsNotRecovered() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':3"))).containsExactly(notRecovered(2));
        client.ask("{'id':3,'unsubscribe':{'channel':'news:a'}}");
        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':18446744073709551615")))
                .containsExactly(notRecovered(2));
    }

    @Test
    void publicationsTrimmedBySizeAreNotRecovered() {
        server.publish("short:a", 1, 2, 3, 4);

        assertThat(client.ask(since("short:a", ",'epoch':'e1','offset':1"))).containsExactly(notRecovered(4));
        client.ask("{'id':3,'unsubscribe':{'channel':'short:a'}}");
        assertThat(client.ask(since("short:a", ",'epoch':'e1','offset':2")))
                .containsExactly(recovered(",'publications':[{'data':'3','offset':3},{'data':'4','offset':4}]", 2));
    }

    @Test
    void removedHistoryIsNotRecovered() {
        server.publish("news:a", 1, 2);
        server.await(server.node().channels().removeHistory("news:a"));

        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':1"))).containsExactly(notRecovered(2));
        client.ask("{'id':3,'unsubscribe':{'channel':'news:a'}}");
        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':2"))).containsExactly(recovered("", 2));
    }

    @Test
    void expiredHistoryIsNotRecovered() {
        server.publish("news:a", 1, 2);
        server.passSeconds(61);

        assertThat(server.client().connect().ask(since("news:a", ",'epoch':'e1','offset':1")))
                .containsExactly(notRecovered(2));
    }

    @Test
    void expiredPositionHasAnotherEpoch() {
        server.publish("news:a", 1, 2);
        server.passSeconds(601);

        assertThat(server.client().connect().ask(since("news:a", ",'epoch':'e1','offset':2")))
                .containsExactly("{'id':2,'subscribe':{'recoverable':true,'epoch':'e2','positioned':true,"
                        + "'was_recovering':true}}");
    }

    @Test
    void moreThanTheLimitIsNotRecovered() {
        server.publish("news:a", 1, 2, 3, 4, 5, 6);

        assertThat(client.ask(since("news:a", ",'epoch':'e1'"))).containsExactly(notRecovered(6));
        client.ask("{'id':3,'unsubscribe':{'channel':'news:a'}}");
        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':1")))
                .singleElement()
                .asString()
                .contains("'recovered':true,'offset':1");
    }

    @Test
    void clientThatAsksForAnErrorGetsItInPlaceOfAnUnrecoveredSubscription() {
        server.publish("news:a", 1, 2);

        assertThat(client.ask(since("news:a", ",'epoch':'other','offset':1,'flag':2")))
                .containsExactly("{'id':2,'error':{'code':112,'message':'unrecoverable position'}}");
        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().subscribed()).isEmpty();

        assertThat(client.ask(since("news:a", ",'epoch':'e1','offset':1,'flag':2")))
                .containsExactly(recovered(",'publications':[{'data':'2','offset':2}]", 1));
    }

    @Test
    void channelThatIsNotRecoverableSaysThatItWasAsked() {
        assertThat(client.ask(since("plain:a", ",'epoch':'e1','offset':1")))
                .containsExactly("{'id':2,'subscribe':{'was_recovering':true}}");
        assertThat(client.ask(since("watched:a", ",'epoch':'e1','offset':1")))
                .containsExactly("{'id':2,'subscribe':{'epoch':'e1','positioned':true,'was_recovering':true}}");
    }

    @Test
    void recoveriesAreCounted() {
        server.publish("news:a", 1, 2);
        client.ask(since("news:a", ",'epoch':'e1','offset':1"));
        server.client().connect().ask(since("news:a", ",'epoch':'other','offset':1"));
        server.client().connect().subscribe("news:a");

        NamespaceStatistics news = server.node().statistics().namespace("news");
        assertThat(news.recovered()).isEqualTo(1);
        assertThat(news.notRecovered()).isEqualTo(1);
    }

    // ---- Cache

    @Test
    void cacheGivesTheLatestPublicationToWhomeverAsks() {
        server.publish("state:a", 1, 2, 3);

        for (String position : new String[] {"", ",'epoch':'e1','offset':1", ",'epoch':'e1'", ",'offset':3"}) {
            assertThat(client.ask(since("state:a", position)))
                    .as(position)
                    .singleElement()
                    .asString()
                    .contains("'epoch':'e1','publications':[{'data':'3','offset':3}],'recovered':true");
            client.ask("{'id':3,'unsubscribe':{'channel':'state:a'}}");
        }
    }

    @Test
    void cacheIsRecoveredFromAForeignEpoch() {
        server.publish("state:a", 1, 2);

        assertThat(client.ask(since("state:a", ",'epoch':'other','offset':7")))
                .containsExactly(recovered(",'publications':[{'data':'2','offset':2}]", 7));
    }

    @Test
    void cacheGivesNothingToAClientThatHasTheLatest() {
        server.publish("state:a", 1, 2);

        assertThat(client.ask(since("state:a", ",'epoch':'e1','offset':2"))).containsExactly(recovered("", 2));
    }

    @Test
    void cacheGivesNothingUnasked() {
        server.publish("state:a", 1);

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'state:a'}}"))
                .containsExactly("{'id':2,'subscribe':{'recoverable':true,'epoch':'e1','offset':1,'positioned':true}}");
    }

    @Test
    void emptyCacheIsRecoveredOnlyForAClientAtItsTop() {
        server.publish("state:a", 1);
        server.await(server.node().channels().removeHistory("state:a"));

        assertThat(client.ask(since("state:a", ",'epoch':'e1'"))).containsExactly(notRecovered(1));
        client.ask("{'id':3,'unsubscribe':{'channel':'state:a'}}");
        assertThat(client.ask(since("state:a", ",'epoch':'e1','offset':1"))).containsExactly(recovered("", 1));
    }

    @Test
    void cacheThatWasNeverFilledIsNotRecovered() {
        assertThat(client.ask(since("state:a", ""))).containsExactly(notRecovered(0));
        client.ask("{'id':3,'unsubscribe':{'channel':'state:a'}}");
        assertThat(client.ask(since("state:a", ",'epoch':'e1'")))
                .as("the right epoch and offset 0 are no state")
                .containsExactly(notRecovered(0));
    }

    @Test
    void clientThatAsksForAnErrorGetsNoneInCacheMode() {
        assertThat(client.ask(since("state:a", ",'flag':2"))).containsExactly(notRecovered(0));
    }

    @Test
    void cacheGivenUnaskedLeavesOutWhatTheClientHas() {
        server.publish("auto:a", 1);

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'auto:a','epoch':'e1','offset':1}}"))
                .containsExactly(recovered("", 1));
    }

    @Test
    void cacheIsGivenUnaskedWhereConfigured() {
        server.publish("auto:a", 1, 2);

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'auto:a'}}"))
                .containsExactly(recovered(",'publications':[{'data':'2','offset':2}]", 0));
        server.publish("auto:a", 3);
        assertThat(client.heard()).containsExactly(push("auto:a", 3));
    }

    @Test
    void emptyCacheGivenUnaskedIsNoRecovery() {
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'auto:a'}}")).containsExactly(notRecovered(0));
    }

    @Test
    void liveStreamGoesOnAfterTheCache() {
        server.publish("state:a", 1, 2);
        client.ask(since("state:a", ",'epoch':'other','offset':7"));

        server.publish("state:a", 3);

        assertThat(client.heard()).containsExactly(push("state:a", 3));
    }

    // ---- Merge with what is published meanwhile

    @Test
    void publicationBetweenConfirmationAndReadingIsDeliveredOnce() {
        server.publish("news:a", 1);
        server.engine().hold(Call.HISTORY);
        client.tell(since("news:a", ",'epoch':'e1'"));

        server.publish("news:a", 2);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 3);

        assertThat(client.heard())
                .containsExactly(
                        recovered(",'publications':[{'data':'1','offset':1},{'data':'2','offset':2}]", 0),
                        push("news:a", 3));
    }

    @Test
    void publicationBetweenReadingAndItsAnswerFollowsTheReply() {
        server.publish("news:a", 1);
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ",'epoch':'e1'"));

        server.publish("news:a", 2, 3);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 4);

        assertThat(client.heard())
                .containsExactly(
                        recovered(",'publications':[{'data':'1','offset':1}]", 0),
                        push("news:a", 2),
                        push("news:a", 3),
                        push("news:a", 4));
    }

    @Test
    void publicationBetweenReadingAndReplyIsDeliveredOnceAlsoWithoutRecovery() {
        server.publish("news:a", 1);
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ",'epoch':'other','offset':1"));

        server.publish("news:a", 2);
        server.engine().release(Call.HISTORY);

        assertThat(client.heard()).containsExactly(notRecovered(1), push("news:a", 2));
    }

    @Test
    void publicationHeldBackThatCannotBeJsonEndsAJsonConnection() {
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ""));

        server.await(server.node().publisher().publish("news:a", new byte[] {1, 2}));
        server.engine().release(Call.HISTORY);

        assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void holeInWhatArrivedMeanwhileEndsTheConnection() {
        server.publish("news:a", 1);
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ",'epoch':'e1'"));

        server.publish("news:a", 2);
        server.engine().losePublications(true);
        server.publish("news:a", 3);
        server.engine().losePublications(false);
        server.publish("news:a", 4);
        server.engine().release(Call.HISTORY);

        assertThat(client.heard())
                .containsExactly(recovered(",'publications':[{'data':'1','offset':1}]", 0), push("news:a", 2));
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
        assertThat(server.node().statistics().namespace("news").insufficientState())
                .isEqualTo(1);
    }

    @Test
    void publicationOfAnotherEpochThatArrivedMeanwhileEndsTheConnection() {
        server.publish("news:a", 1);
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ",'epoch':'e1','offset':1"));

        server.engine().deliver("news:a", Publication.of(Payload.ofText("1")).at(1), new StreamPosition(1, "another"));
        server.run();
        server.engine().release(Call.HISTORY);

        assertThat(client.heard()).containsExactly(recovered("", 1));
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void moreThanCanBeHeldBackEndsTheConnection() {
        server.engine().hold(Call.HISTORY);
        client.tell(since("news:a", ""));

        server.publish("news:a", "x".repeat(6_000), "y".repeat(6_000), "z");
        server.engine().release(Call.HISTORY);

        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void publicationsHeldBackAreCountedAsDelivered() {
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ""));
        server.publish("news:a", 1, 2);
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 3);

        assertThat(server.node().statistics().namespace("news").delivered()).isEqualTo(3);
    }

    @Test
    void recoveredDataThatIsNotJsonCannotBeToldToAJsonClient() {
        server.await(server.node().publisher().publish("news:a", new byte[] {1, 2}));

        assertThat(client.ask(since("news:a", ",'epoch':'e1'"))).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void slowClientThatIsClosedInTheMiddleOfTheMergeLeavesNothing() {
        server.engine().holdAnswers(Call.HISTORY);
        client.tell(since("news:a", ""));
        client.transport().stuck(true);

        server.publish("news:a", "x".repeat(4_000), "y".repeat(4_000), "z");
        for (int i = 0; i < 3; i++) {
            client.tell("{'id':9,'rpc':{'data':'" + "r".repeat(10) + "'}}");
        }
        server.engine().release(Call.HISTORY);
        server.run();

        assertThat(client.closedWith()).isNull();
        server.publish("news:a", "x".repeat(3_000));
        assertThat(client.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(server.engine().subscribed()).isEmpty();
    }
}
