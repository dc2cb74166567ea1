package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recipients and times of joins and leaves. */
@ExtendWith(BufferLeaks.class)
class JoinLeaveTests {

    private static final Access ANYONE = new Access(true, false, true);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "forced",
                    options -> options.subscribeAccess(ANYONE)
                            .joinLeave(true)
                            .forcePushJoinLeave(true)
                            .history(new HistoryOptions(10, Duration.ofMinutes(1), Duration.ofHours(1)))
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

    private final ScriptedClient alice = server.client().connect("alice");

    private final ScriptedClient bob = server.client().connect("bob");

    private static String join(String channel, String user, String client) {
        return event("join", channel, user, client);
    }

    private static String leave(String channel, String user, String client) {
        return event("leave", channel, user, client);
    }

    private static String event(String kind, String channel, String user, String client) {
        return "{'push':{'channel':'" + channel + "','" + kind + "':{'info':{'user':'" + user + "','client':'" + client
                + "'}}}}";
    }

    private static String asking(String channel) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "','join_leave':true}}";
    }

    @Test
    void everySubscriberHearsOfThoseWhoComeAndGoWhereForced() {
        alice.subscribe("forced:a");

        bob.subscribe("forced:a");
        bob.tell("{'id':3,'unsubscribe':{'channel':'forced:a'}}");

        assertThat(alice.heard()).containsExactly(join("forced:a", "bob", "#2"), leave("forced:a", "bob", "#2"));
    }

    @Test
    void subscriberThatAsksHearsWhereItMayReadPresence() {
        assertThat(alice.ask(asking("asked:a")))
                .containsExactly("{'id':2,'subscribe':{}}", join("asked:a", "alice", "#1"));
        bob.subscribe("asked:a");

        assertThat(alice.heard()).containsExactly(join("asked:a", "bob", "#2"));
        assertThat(bob.heard()).isEmpty();
    }

    @Test
    void subscriberThatMayNotReadPresenceHearsNothing() {
        assertThat(alice.ask(asking("denied:a"))).containsExactly("{'id':2,'subscribe':{}}");
        bob.subscribe("denied:a");
        assertThat(alice.heard()).isEmpty();
    }

    @Test
    void nobodyHearsAnythingWhereItIsOff() {
        assertThat(alice.ask(asking("off:a"))).containsExactly("{'id':2,'subscribe':{}}");
        bob.subscribe("off:a");
        assertThat(alice.heard()).isEmpty();
    }

    @Test
    void leaveIsToldHoweverASubscriberGoes() {
        alice.subscribe("forced:a");

        bob.subscribe("forced:a");
        server.await(server.node().channels().unsubscribe("bob", "forced:a"));
        bob.subscribe("forced:a");
        server.await(server.node().clients().disconnect("bob"));
        ScriptedClient carol = server.client().connect("carol").subscribe("forced:a");
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
        alice.subscribe("forced:a");
        bob.ask("{'id':2,'subscribe':{'channel':'forced:a','positioned':true}}");
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

        assertThat(alice.heard())
                .containsExactly("{'push':{'channel':'forced:a','subscribe':{}}}", join("forced:a", "alice", "#1"));
    }
}
