package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.join;
import static dev.realtime.node.Pushes.leave;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recipients and times of joins and leaves. */
@ExtendWith(BufferLeaks.class)
class JoinLeaveTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "forced",
                    options -> options.subscribeAccess(ANYONE)
                            .joinLeave(true)
                            .forcePushJoinLeave(true)
                            .history(keeping(10))
                            .allowPositioning(true))
            .namespace(
                    "asked",
                    options -> options.subscribeAccess(ANYONE)
                            .joinLeave(true)
                            .presence(true)
                            .presenceAccess(ANYONE))
            .namespace("denied", options -> options.subscribeAccess(ANYONE).joinLeave(true))
            .namespace("off", options -> options.subscribeAccess(ANYONE).presenceAccess(ANYONE))
            .tokensAreUsers()
            .start();

    private final ScriptedClient alice = server.client().connected("alice");

    private final ScriptedClient bob = server.client().connected("bob");

    @Test
    void everySubscriberHearsOfThoseWhoComeAndGoWhereForced() {
        alice.subscribed("forced:a");

        bob.subscribed("forced:a");
        bob.unsubscribed("forced:a");

        assertThat(alice.heard()).containsExactly(join("forced:a", "bob", "#2"), leave("forced:a", "bob", "#2"));
    }

    @Test
    void subscriberThatAsksHearsWhereItMayReadPresence() {
        alice.subscribe("asked:a").joinLeave().send();
        assertThat(alice.reply()).isEqualTo(SUBSCRIBED);
        assertThat(alice.heard()).containsExactly(join("asked:a", "alice", "#1"));
        bob.subscribed("asked:a");

        assertThat(alice.heard()).containsExactly(join("asked:a", "bob", "#2"));
        assertThat(bob.heard()).isEmpty();
    }

    @Test
    void subscriberThatMayNotReadPresenceHearsNothing() {
        assertThat(alice.subscribe("denied:a").joinLeave().reply()).isEqualTo(SUBSCRIBED);
        bob.subscribed("denied:a");
        assertThat(alice.heard()).isEmpty();
    }

    @Test
    void nobodyHearsAnythingWhereItIsOff() {
        assertThat(alice.subscribe("off:a").joinLeave().reply()).isEqualTo(SUBSCRIBED);
        bob.subscribed("off:a");
        assertThat(alice.heard()).isEmpty();
    }

    @Test
    void leaveIsPushedHoweverASubscriberGoes() {
        alice.subscribed("forced:a");

        bob.subscribed("forced:a");
        server.await(server.node().channels().unsubscribe("bob", "forced:a"));
        bob.subscribed("forced:a");
        server.await(server.node().clients().disconnect("bob"));
        ScriptedClient carol = server.client().connected("carol").subscribed("forced:a");
        carol.drop();

        assertThat(alice.heard())
                .containsExactly(
                        join("forced:a", "bob", "#2"),
                        leave("forced:a", "bob", "#2"),
                        join("forced:a", "bob", "#2"),
                        leave("forced:a", "bob", "#2"),
                        join("forced:a", "carol", "#3"),
                        leave("forced:a", "carol", "#3"));
    }

    @Test
    void subscriberThatLostItsStateLeaves() {
        alice.subscribed("forced:a");
        bob.subscribe("forced:a").positioned().send();
        alice.heard();
        server.engine().losePublications(true);
        server.publish("forced:a", 1);
        server.engine().losePublications(false);

        server.publish("forced:a", 2);

        assertThat(alice.heard()).last().isEqualTo(leave("forced:a", "bob", "#2"));
    }

    @Test
    void subscriptionOfTheServerJoinsAfterItsPush() {
        server.await(server.node().channels().subscribe("alice", "forced:a"));

        assertThat(alice.heard()).containsExactly(push("forced:a", "subscribe", "{}"), join("forced:a", "alice", "#1"));
    }
}
