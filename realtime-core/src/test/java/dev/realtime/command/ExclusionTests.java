package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.data.Payload;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publications for all subscribers but some: they are delivered to the others, and positions pass them. */
@ExtendWith(BufferLeaks.class)
class ExclusionTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .tokensAreUsers()
            .namespace("news", options -> open(options).history(keeping(100)).forceRecovery(true))
            .namespace(
                    "state",
                    options -> open(options)
                            .history(keeping(100))
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE))
            .namespace("plain", ExclusionTests::open)
            .namespace(
                    "quiet",
                    options -> open(options)
                            .history(keeping(100))
                            .forceRecovery(true)
                            .publishEcho(false))
            .start();

    private static ChannelOptions.Builder open(ChannelOptions.Builder options) {
        return options.subscribeAccess(ANYONE).publishAccess(ANYONE).historyAccess(ANYONE);
    }

    private ScriptedClient subscribed(String user, String channel) {
        ScriptedClient client = server.client().connected(user);
        client.subscribe(channel).reply();
        return client;
    }

    private void publish(String channel, int number, PublishOptions options) {
        server.node()
                .publisher()
                .publish(channel, Payload.ofText(String.valueOf(number)), options)
                .subscribe();
    }

    private static String publication(int number) {
        return "{'data':" + number + ",'offset':" + number + "}";
    }

    private static String push(String channel, int number) {
        return Pushes.push(channel, "pub", publication(number));
    }

    @Test
    void excludedConnectionGetsAllButTheseAndNoGap() {
        ScriptedClient sender = subscribed("ann", "news:a");
        ScriptedClient other = subscribed("ann", "news:a");

        publish("news:a", 1, PublishOptions.DEFAULTS);
        publish("news:a", 2, PublishOptions.DEFAULTS.exceptClient(sender.id()));
        publish("news:a", 3, PublishOptions.DEFAULTS);
        server.run();
        publish("news:a", 4, PublishOptions.DEFAULTS.exceptClient(sender.id()));
        server.run();
        publish("news:a", 5, PublishOptions.DEFAULTS);
        server.run();

        assertThat(sender.heard()).containsExactly(push("news:a", 1), push("news:a", 3), push("news:a", 5));
        assertThat(other.heard())
                .containsExactly(
                        push("news:a", 1), push("news:a", 2), push("news:a", 3), push("news:a", 4), push("news:a", 5));
        assertThat(server.node().statistics().namespace("news").insufficientState())
                .isZero();
    }

    @Test
    void excludedUsersGetNothingOnAnyConnection() {
        ScriptedClient ann = subscribed("ann", "plain:a");
        ScriptedClient annToo = subscribed("ann", "plain:a");
        ScriptedClient bob = subscribed("bob", "plain:a");
        ScriptedClient eve = subscribed("eve", "plain:a");

        publish("plain:a", 1, PublishOptions.DEFAULTS.exceptUser("ann").exceptUser("bob"));
        server.run();

        assertThat(ann.heard()).isEmpty();
        assertThat(annToo.heard()).isEmpty();
        assertThat(bob.heard()).isEmpty();
        assertThat(eve.heard()).containsExactly(Pushes.push("plain:a", "pub", "{'data':1}"));
    }

    @Test
    void recoveryLeavesOutWhatTheClientIsExcludedFrom() {
        publish("news:a", 1, PublishOptions.DEFAULTS);
        publish("news:a", 2, PublishOptions.DEFAULTS.exceptUser("ann"));
        publish("news:a", 3, PublishOptions.DEFAULTS);

        assertThat(server.client()
                        .connected("ann")
                        .subscribe("news:a")
                        .since(0, "e1")
                        .reply())
                .isEqualTo(recovered(0, "e1", publication(1), publication(3)));
        assertThat(server.client()
                        .connected("bob")
                        .subscribe("news:a")
                        .since(1, "e1")
                        .reply())
                .isEqualTo(recovered(1, "e1", publication(2), publication(3)));
    }

    @Test
    void clientThatMissedOnlyWhatItIsExcludedFromIsAtTheTop() {
        publish("news:a", 1, PublishOptions.DEFAULTS);
        publish("news:a", 2, PublishOptions.DEFAULTS.exceptUser("ann"));

        assertThat(server.client()
                        .connected("ann")
                        .subscribe("news:a")
                        .since(1, "e1")
                        .reply())
                .isEqualTo(recovered(2, "e1"));
    }

    @Test
    void whatArrivesWhileTheSubscriptionOpensIsLeftOutToo() {
        ScriptedClient client = server.client().connected("ann");
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").since(0, "e1").send();

        publish("news:a", 1, PublishOptions.DEFAULTS);
        publish("news:a", 2, PublishOptions.DEFAULTS.exceptUser("ann"));
        server.run();
        server.engine().release(Call.HISTORY);
        publish("news:a", 3, PublishOptions.DEFAULTS);
        server.run();

        assertThat(client.reply().publications()).isEmpty();
        assertThat(client.heard()).containsExactly(push("news:a", 1), push("news:a", 3));
    }

    @Test
    void cacheGivesTheNewestThatTheClientIsNotExcludedFrom() {
        publish("state:a", 1, PublishOptions.DEFAULTS.exceptUser("bob"));
        publish("state:a", 2, PublishOptions.DEFAULTS.exceptUser("ann").exceptUser("bob"));

        assertThat(server.client()
                        .connected("ann")
                        .subscribe("state:a")
                        .since(0, "")
                        .reply())
                .isEqualTo(recovered(0, "e1", publication(1)));
        assertThat(server.client()
                        .connected("bob")
                        .subscribe("state:a")
                        .since(0, "")
                        .reply())
                .isEqualTo(notRecovered(2, "e1"));
        assertThat(server.client()
                        .connected("eve")
                        .subscribe("state:a")
                        .since(0, "")
                        .reply())
                .isEqualTo(recovered(0, "e1", publication(2)));
    }

    @Test
    void historyHasAllPublications() {
        ScriptedClient client = subscribed("ann", "news:a");
        publish("news:a", 1, PublishOptions.DEFAULTS.exceptUser("ann"));

        assertThat(client.ask("{'id':4,'history':{'channel':'news:a','limit':-1}}"))
                .containsExactly(
                        "{'id':4,'history':{'publications':[" + publication(1) + "],'epoch':'e1','offset':1}}");
    }

    @Test
    void publisherGetsItsOwnUnlessTheNamespaceSaysOtherwise() {
        ScriptedClient echoed = subscribed("ann", "news:a");
        ScriptedClient quiet = subscribed("ann", "quiet:a");
        ScriptedClient other = subscribed("ann", "quiet:a");

        echoed.tell("{'id':8,'publish':{'channel':'news:a','data':1}}");
        quiet.tell("{'id':8,'publish':{'channel':'quiet:a','data':1}}");
        server.run();

        assertThat(echoed.heard()).hasSize(2);
        assertThat(quiet.heard()).containsExactly("{'id':8,'publish':{}}");
        assertThat(other.heard())
                .containsExactly(Pushes.push(
                        "quiet:a",
                        "pub",
                        "{'data':1,'info':{'user':'ann','client':'" + quiet.name() + "'},'offset':1}"));
        assertThat(server.node().statistics().namespace("quiet").insufficientState())
                .isZero();
    }

    @Test
    void idThatIdentifiesNoOneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.DEFAULTS.exceptUser(""));
        assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.DEFAULTS.exceptClient(""));
    }
}
