package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.publication;
import static dev.realtime.node.SubscribedReply.recoverable;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.node.SubscribedReply;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The latest publication in place of missed ones, in recovery mode {@code cache}. */
@ExtendWith(BufferLeaks.class)
class CacheRecoveryTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(5).queueMaxBytes(10_000))
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
            .start();

    private final ScriptedClient client = server.client().connected();

    @Test
    void cacheGivesTheLatestPublicationToWhomeverAsks() {
        server.publish("state:a", 1, 2, 3);

        for (StreamPosition position : List.of(
                StreamPosition.NONE,
                new StreamPosition(1, "e1"),
                new StreamPosition(0, "e1"),
                new StreamPosition(3, ""))) {
            SubscribedReply reply = client.subscribe("state:a")
                    .since(position.offset(), position.epoch())
                    .reply();

            assertThat(reply).as("since %s", position).isEqualTo(recovered(position.offset(), "e1", publication(3)));
            client.unsubscribed("state:a");
        }
    }

    @Test
    void cacheIsRecoveredFromAForeignEpoch() {
        server.publish("state:a", 1, 2);

        assertThat(client.subscribe("state:a").since(7, "other").reply()).isEqualTo(recovered(7, "e1", publication(2)));
    }

    @Test
    void cacheGivesNothingToAClientThatHasTheLatest() {
        server.publish("state:a", 1, 2);

        assertThat(client.subscribe("state:a").since(2, "e1").reply()).isEqualTo(recovered(2, "e1"));
    }

    @Test
    void cacheGivesNothingUnasked() {
        server.publish("state:a", 1);

        assertThat(client.subscribe("state:a").reply()).isEqualTo(recoverable(1, "e1"));
    }

    @Test
    void emptyCacheIsRecoveredOnlyForAClientAtItsTop() {
        server.publish("state:a", 1);
        server.await(server.node().channels().removeHistory("state:a"));

        assertThat(client.subscribe("state:a").since(0, "e1").reply()).isEqualTo(notRecovered(1, "e1"));
        client.unsubscribed("state:a");
        assertThat(client.subscribe("state:a").since(1, "e1").reply()).isEqualTo(recovered(1, "e1"));
    }

    @Test
    void cacheThatWasNeverFilledIsNotRecovered() {
        assertThat(client.subscribe("state:a").since(0, "").reply()).isEqualTo(notRecovered(0, "e1"));
        client.unsubscribed("state:a");
        assertThat(client.subscribe("state:a").since(0, "e1").reply())
                .as("the right epoch and offset 0 are no state")
                .isEqualTo(notRecovered(0, "e1"));
    }

    @Test
    void clientThatAsksForAnErrorGetsNoneInCacheMode() {
        assertThat(client.subscribe("state:a").since(0, "").orError().reply()).isEqualTo(notRecovered(0, "e1"));
    }

    @Test
    void cacheGivenUnaskedLeavesOutWhatTheClientHas() {
        server.publish("auto:a", 1);

        assertThat(client.subscribe("auto:a").at(1, "e1").reply()).isEqualTo(recovered(1, "e1"));
    }

    @Test
    void cacheIsGivenUnaskedWhereConfigured() {
        server.publish("auto:a", 1, 2);

        assertThat(client.subscribe("auto:a").reply()).isEqualTo(recovered(0, "e1", publication(2)));
        server.publish("auto:a", 3);
        assertThat(client.heard()).containsExactly(push("auto:a", 3));
    }

    @Test
    void emptyCacheGivenUnaskedIsNoRecovery() {
        assertThat(client.subscribe("auto:a").reply()).isEqualTo(notRecovered(0, "e1"));
    }

    @Test
    void liveStreamGoesOnAfterTheCache() {
        server.publish("state:a", 1, 2);
        client.subscribe("state:a").since(7, "other").reply();

        server.publish("state:a", 3);

        assertThat(client.heard()).containsExactly(push("state:a", 3));
    }
}
