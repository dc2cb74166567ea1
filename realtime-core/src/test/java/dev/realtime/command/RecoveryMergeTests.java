package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.publication;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Order of recovered publications and of those that arrive while the stream is read. */
@ExtendWith(BufferLeaks.class)
class RecoveryMergeTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(5).queueMaxBytes(10_000))
            .namespace(
                    "news",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forceRecovery(true))
            .start();

    private final ScriptedClient client = server.client().connected();

    @Test
    void publicationBetweenConfirmationAndReadingIsDeliveredOnce() {
        server.publish("news:a", 1);
        server.engine().hold(Call.HISTORY);
        client.subscribe("news:a").since(0, "e1").send();

        server.publish("news:a", 2);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 3);

        assertThat(client.reply()).isEqualTo(recovered(0, "e1", publication(1), publication(2)));
        assertThat(client.heard()).containsExactly(push("news:a", 3));
    }

    @Test
    void publicationBetweenReadingAndItsAnswerFollowsTheReply() {
        server.publish("news:a", 1);
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "e1").send();

        server.publish("news:a", 2, 3);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 4);

        assertThat(client.reply()).isEqualTo(recovered(0, "e1", publication(1)));
        assertThat(client.heard()).containsExactly(push("news:a", 2), push("news:a", 3), push("news:a", 4));
    }

    @Test
    void publicationBetweenReadingAndReplyIsDeliveredOnceAlsoWithoutRecovery() {
        server.publish("news:a", 1);
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(1, "other").send();

        server.publish("news:a", 2);
        server.engine().release(Call.HISTORY);

        assertThat(client.reply()).isEqualTo(notRecovered(1, "e1"));
        assertThat(client.heard()).containsExactly(push("news:a", 2));
    }

    @Test
    void publicationHeldBackThatCannotBeJsonEndsAJsonConnection() {
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "").send();

        server.await(server.node().publisher().publish("news:a", new byte[] {1, 2}));
        server.engine().release(Call.HISTORY);

        assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void holeInWhatArrivedMeanwhileEndsTheConnection() {
        server.publish("news:a", 1);
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "e1").send();

        server.publish("news:a", 2);
        server.engine().losePublications(true);
        server.publish("news:a", 3);
        server.engine().losePublications(false);
        server.publish("news:a", 4);
        server.engine().release(Call.HISTORY);

        assertThat(client.reply()).isEqualTo(recovered(0, "e1", publication(1)));
        assertThat(client.heard()).containsExactly(push("news:a", 2));
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
        assertThat(server.node().statistics().namespace("news").insufficientState())
                .isEqualTo(1);
    }

    @Test
    void publicationOfAnotherEpochThatArrivedMeanwhileEndsTheConnection() {
        server.publish("news:a", 1);
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(1, "e1").send();

        server.engine().deliver("news:a", Publication.of(Payload.ofText("1")).at(1), new StreamPosition(1, "another"));
        server.run();
        server.engine().release(Call.HISTORY);

        assertThat(client.reply()).isEqualTo(recovered(1, "e1"));
        assertThat(client.heard()).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void moreThanCanBeHeldBackEndsTheConnection() {
        server.engine().hold(Call.HISTORY);
        client.subscribe("news:a").since(0, "").send();

        server.publish("news:a", "x".repeat(6_000), "y".repeat(6_000), "z");
        server.engine().release(Call.HISTORY);

        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void publicationsHeldBackAreCountedAsDelivered() {
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "").send();
        server.publish("news:a", 1, 2);
        server.engine().release(Call.HISTORY);
        server.publish("news:a", 3);

        assertThat(server.node().statistics().namespace("news").delivered()).isEqualTo(3);
    }

    @Test
    void recoveredDataThatIsNotJsonCannotBeToldToAJsonClient() {
        server.await(server.node().publisher().publish("news:a", new byte[] {1, 2}));

        assertThat(client.subscribe("news:a").since(0, "e1").messages()).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
    }

    @Test
    void slowClientThatIsClosedInTheMiddleOfTheMergeLeavesNothing() {
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "").send();
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
