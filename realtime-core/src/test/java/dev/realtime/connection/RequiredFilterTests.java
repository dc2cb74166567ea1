package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.unsubscribe;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.node.NodeHooks;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.LifecycleHook;
import dev.realtime.spi.hook.RenewalHook;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Filters that come with the permission: what does not match cannot be read in any way that the protocol has. */
@ExtendWith(BufferLeaks.class)
class RequiredFilterTests {

    private static final SubscriptionGrant ODD = SubscriptionGrant.PLAIN.withFilter(TagsFilter.eq("kind", "odd"));

    private static final SubscriptionGrant EVEN = SubscriptionGrant.PLAIN.withFilter(TagsFilter.eq("kind", "even"));

    private static final Access SUBSCRIBERS = new Access(false, true, true);

    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();

    private final ScriptedTokens tokens = new ScriptedTokens();

    private Map<String, SubscriptionGrant> granted = Map.of();

    private SubscriptionGrant renewed = SubscriptionGrant.PLAIN;

    private final RenewalHook renewal = new RenewalHook() {
        @Override
        public Mono<SubscriptionGrant> renewSubscription(ClientIdentity client, Channel channel) {
            return Mono.just(renewed);
        }
    };

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "news",
                    options -> options.history(keeping(100))
                            .forceRecovery(true)
                            .allowTagsFilter(true)
                            .presence(true)
                            .presenceAccess(SUBSCRIBERS)
                            .historyAccess(SUBSCRIBERS))
            .namespace(
                    "state",
                    options -> options.history(keeping(100))
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE)
                            .autoCacheRecover(true)
                            .historyAccess(SUBSCRIBERS))
            .namespace("open", options -> options.history(keeping(100)).historyAccess(ANYONE))
            .client(options -> options.pongTimeout(Duration.ofHours(1)))
            .hooks(new NodeHooks(new ClientHooks(null, renewal, new LifecycleHook() {}), null, null))
            .authorizer(authorizer)
            .authenticator(context -> Mono.just(authentication()))
            .tokenAuthenticator(tokens)
            .start();

    private Authentication authentication() {
        return Authentication.of("alice").withSubscriptions(granted);
    }

    private void publish(String channel, int from, int to) {
        for (int i = from; i <= to; i++) {
            server.node()
                    .publisher()
                    .publish(
                            channel,
                            Payload.ofText(String.valueOf(i)),
                            PublishOptions.DEFAULTS.withTags(Map.of("kind", i % 2 == 0 ? "even" : "odd")))
                    .subscribe();
        }
        server.run();
    }

    private static String publication(int number) {
        return "{'data':" + number + ",'offset':" + number + ",'tags':{'kind':'" + (number % 2 == 0 ? "even" : "odd")
                + "'}}";
    }

    private static String push(int number) {
        return Pushes.push("news:a", "pub", publication(number));
    }

    private static String history(String... publications) {
        return "{'id':4,'history':{'publications':[" + String.join(",", publications) + "],'epoch':'e1','offset':4}}";
    }

    private static String askHistory(String channel) {
        return "{'id':4,'history':{'channel':'" + channel + "','limit':-1}}";
    }

    private ScriptedClient subscribed(SubscriptionGrant grant) {
        authorizer.answer = Mono.just(grant);
        ScriptedClient client = server.client().connected();
        client.subscribe("news:a").reply();
        return client;
    }

    @Test
    void liveAndReadHistoryAreFiltered() {
        ScriptedClient client = subscribed(ODD);

        publish("news:a", 1, 4);

        assertThat(client.heard()).containsExactly(push(1), push(3));
        assertThat(client.ask(askHistory("news:a"))).containsExactly(history(publication(1), publication(3)));
        assertThat(client.ask("{'id':4,'history':{'channel':'news:a','limit':1,'reverse':true}}"))
                .containsExactly("{'id':4,'history':{'publications':[],'epoch':'e1','offset':4}}");
    }

    @Test
    void recoveredPublicationsAreFiltered() {
        publish("news:a", 1, 4);
        authorizer.answer = Mono.just(ODD);

        assertThat(server.client()
                        .connected()
                        .subscribe("news:a")
                        .since(0, "e1")
                        .reply())
                .isEqualTo(recovered(0, "e1", publication(1), publication(3)));
    }

    @Test
    void cacheIsFiltered() {
        publish("state:a", 1, 4);
        authorizer.answer = Mono.just(ODD);

        assertThat(server.client().connected().subscribe("state:a").reply().publications())
                .containsExactly(publication(3));
    }

    @Test
    void filterOfTheClientOnlyNarrows() {
        authorizer.answer = Mono.just(ODD);
        publish("news:a", 1, 4);
        for (String wide : List.of(
                "{'key':'kind','cmp':'ex'}",
                "{'op':'not','nodes':[{'key':'kind','cmp':'eq','val':'odd'}]}",
                "{'op':'or','nodes':[{'key':'kind','cmp':'ex'},{'key':'kind','cmp':'nex'}]}")) {
            ScriptedClient client = server.client().connected();

            assertThat(client.subscribe("news:a")
                            .with("tf", wide)
                            .since(0, "e1")
                            .reply()
                            .publications())
                    .as(wide)
                    .doesNotContain(publication(2), publication(4));
            assertThat(client.ask(askHistory("news:a"))).containsExactly(history(publication(1), publication(3)));
        }
    }

    /** What was open to the client before is closed with the permission for it. */
    @Test
    void subscribingAgainWithAnotherPermissionOpensWhatThatOneSays() {
        ScriptedClient client = subscribed(ODD);
        publish("news:a", 1, 4);
        client.unsubscribed("news:a");
        client.heard();
        authorizer.answer = Mono.just(EVEN);

        assertThat(client.subscribe("news:a")
                        .with("tf", "{'key':'kind','cmp':'eq','val':'odd'}")
                        .since(0, "e1")
                        .reply()
                        .publications())
                .isEmpty();
        client.unsubscribed("news:a");
        assertThat(client.subscribe("news:a").since(0, "e1").reply())
                .isEqualTo(recovered(0, "e1", publication(2), publication(4)));
        assertThat(client.ask(askHistory("news:a"))).containsExactly(history(publication(2), publication(4)));
    }

    @Test
    void presenceShowsClientsAndNoPublications() {
        ScriptedClient client = subscribed(ODD);
        publish("news:a", 1, 4);
        client.heard();

        assertThat(client.ask("{'id':5,'presence':{'channel':'news:a'}}"))
                .containsExactly("{'id':5,'presence':{'presence':{'" + client.name() + "':{'user':'alice','client':'"
                        + client.name() + "'}}}}");
    }

    @Test
    void historyIsClosedToAClientThatUnsubscribed() {
        ScriptedClient client = subscribed(ODD);
        publish("news:a", 1, 4);
        client.unsubscribed("news:a");

        assertThat(client.ask(askHistory("news:a")))
                .containsExactly("{'id':4,'error':{'code':103,'message':'permission denied'}}");
    }

    @Test
    void historyIsFilteredThoughTheSubscriptionEndsWhileItIsRead() {
        ScriptedClient client = subscribed(ODD);
        publish("news:a", 1, 3);
        client.heard();
        server.engine().holdResults(Call.HISTORY);
        client.tell(askHistory("news:a"));

        server.engine().losePublications(true);
        publish("news:a", 4, 4);
        server.engine().losePublications(false);
        publish("news:a", 5, 5);
        server.engine().release(Call.HISTORY);
        server.run();

        assertThat(client.heard())
                .contains(unsubscribe("news:a", 2500, "insufficient state"))
                .anySatisfy(reply -> assertThat(reply).contains("'history'", publication(1), publication(3)))
                .noneSatisfy(reply -> assertThat(reply).contains(publication(2)));
    }

    @Test
    void filterIsRefusedWhereHistoryNeedsNoSubscription() {
        authorizer.answer = Mono.just(ODD);

        assertThat(server.client().connected().subscribe("open:a").error().code())
                .isEqualTo(103);
        server.await(server.node()
                .channels()
                .subscribe("alice", "open:a", SubscribeOptions.DEFAULTS.withFilter(TagsFilter.exists("kind"))));
        assertThat(server.node().describe().subscriptions()).isZero();
    }

    @Test
    void tokenWithAnotherFilterInvalidatesTheSubscription() {
        tokens.answering(Mono.just(ODD));
        ScriptedClient client = server.client().connected();
        client.subscribe("news:a").token("odd").reply();

        tokens.answering(Mono.just(EVEN));
        List<String> messages = client.ask("{'id':3,'sub_refresh':{'channel':'news:a','token':'even'}}");

        assertThat(messages)
                .containsExactly("{'id':3,'sub_refresh':{}}", unsubscribe("news:a", 2502, "state invalidated"));
        client.subscribe("news:a").token("even").reply();
        publish("news:a", 1, 4);
        assertThat(client.heard()).containsExactly(push(2), push(4));
    }

    @Test
    void tokenWithTheSameFilterKeepsTheSubscription() {
        tokens.answering(Mono.just(ODD));
        ScriptedClient client = server.client().connected();
        client.subscribe("news:a").token("odd").reply();

        tokens.answering(Mono.just(SubscriptionGrant.PLAIN.withFilter(TagsFilter.eq("kind", "odd"))));
        client.ask("{'id':3,'sub_refresh':{'channel':'news:a','token':'odd'}}");
        publish("news:a", 1, 2);

        assertThat(client.heard()).containsExactly(push(1));
    }

    @Test
    void renewalByTheServerKeepsTheFilterOrInvalidatesTheSubscription() {
        Instant soon = Instant.ofEpochSecond(server.nowSeconds() + 10);
        ScriptedClient client = subscribed(ODD.expiringAt(soon, false));
        renewed = SubscriptionGrant.PLAIN.expiringAt(soon.plusSeconds(60), false);

        server.passSeconds(40);
        publish("news:a", 1, 2);
        assertThat(client.heard()).contains(push(1)).doesNotContain(push(2));

        renewed = EVEN.expiringAt(soon.plusSeconds(600), false);
        server.passSeconds(90);
        assertThat(client.heard()).contains(unsubscribe("news:a", 2502, "state invalidated"));
    }

    @Test
    void subscriptionsOfTheConnectionAreFiltered() {
        publish("news:a", 1, 4);
        granted = Map.of("news:a", ODD);
        ScriptedClient client = server.client();

        assertThat(client.connect()
                        .recovering("news:a", 0, "e1")
                        .subscriptions()
                        .get("news:a")
                        .publications())
                .containsExactly(publication(1), publication(3));
        assertThat(client.ask(askHistory("news:a"))).containsExactly(history(publication(1), publication(3)));
        assertThat(client.subscribe("news:a").error().code()).isEqualTo(105);
    }

    @Test
    void refreshOfTheConnectionWithAnotherFilterEndsIt() {
        granted = Map.of("news:a", ODD);
        ScriptedClient client = server.client();
        client.connect().token("odd").send();
        tokens.renewing(Mono.just(Authentication.of("alice").withSubscriptions(Map.of("news:a", EVEN))));

        client.ask("{'id':3,'refresh':{'token':'even'}}");

        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void subscriptionByTheApplicationIsFiltered() {
        ScriptedClient client = server.client().connected();
        server.await(server.node()
                .channels()
                .subscribe(
                        "alice",
                        "news:a",
                        SubscribeOptions.DEFAULTS
                                .withRecoverSince(new StreamPosition(0, "e1"))
                                .withFilter(TagsFilter.in("kind", "even"))));
        client.heard();

        publish("news:a", 1, 4);

        assertThat(client.heard()).containsExactly(push(2), push(4));
        assertThat(client.ask(askHistory("news:a"))).containsExactly(history(publication(2), publication(4)));
    }
}
