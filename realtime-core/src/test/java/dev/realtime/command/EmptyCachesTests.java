package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.publication;
import static dev.realtime.node.SubscribedReply.recoverable;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.data.Payload;
import dev.realtime.node.NodeHooks;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.CacheHook;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An empty cache is filled by the application, once for all clients that find it empty. */
@ExtendWith(BufferLeaks.class)
class EmptyCachesTests {

    private static final String ASKS = "{'id':9,'subscribe':{'channel':'state:a','recover':true}}";

    /** Channels that the application was asked for. */
    private final List<String> asked = new ArrayList<>();

    private Supplier<Mono<CacheHook.State>> state = () -> Mono.just(state("\"1\""));

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.handlerTimeout(Duration.ofSeconds(1)))
            .namespace(
                    "state",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(1))
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE)
                            .publicationDataFormat(DataFormat.JSON))
            .namespace(
                    "stream",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(1)).forceRecovery(true))
            .hooks(new NodeHooks(
                    new ClientHooks(null, null, ClientHooks.NONE.lifecycle(), channel -> {
                        asked.add(channel.name());
                        return state.get();
                    }),
                    null,
                    null))
            .start();

    private final ScriptedClient client = server.client().connected();

    private static CacheHook.State state(String data) {
        return new CacheHook.State(Payload.ofText(data), PublishOptions.DEFAULTS);
    }

    @Test
    void clientThatFindsTheCacheEmptyGetsTheStateOfTheApplication() {
        assertThat(client.subscribe("state:a").since(0, "").reply()).isEqualTo(recovered(0, "e1", publication(1)));
        assertThat(server.client().connected().subscribe("state:a").since(0, "").reply())
                .isEqualTo(recovered(0, "e1", publication(1)));

        assertThat(asked).containsExactly("state:a");
    }

    @Test
    void subscribersThatAreThereGetItAsAPublication() {
        client.subscribed("state:a");

        server.client().connected().tell(ASKS);

        assertThat(client.heard()).containsExactly("{'push':{'channel':'state:a','pub':{'data':'1','offset':1}}}");
    }

    @Test
    void clientsThatAskAtTheSameTimeShareOneCall() {
        Sinks.One<CacheHook.State> answer = Sinks.one();
        state = answer::asMono;
        List<ScriptedClient> clients =
                Stream.generate(() -> server.client().connected()).limit(3).toList();

        clients.forEach(one -> one.tell(ASKS));
        clients.get(0).tell("{'id':10,'subscribe':{'channel':'state:b'}}");
        client.tell(ASKS.replace("state:a", "state:b"));

        assertThat(asked).containsExactly("state:a", "state:b");
        assertThat(clients).allSatisfy(one -> assertThat(one.heard()).isEmpty());
        answer.tryEmitValue(state("7"));
        server.run();
        assertThat(clients)
                .allSatisfy(one -> assertThat(one.heard())
                        .first()
                        .asString()
                        .contains("'publications':[{'data':7,'offset':1}]", "'recovered':true"));
        assertThat(server.await(server.node().channels().position("state:a")).offset())
                .isOne();
    }

    @Test
    void callGoesOnForTheOthersWhenTheFirstClientIsGone() {
        Sinks.One<CacheHook.State> answer = Sinks.one();
        state = answer::asMono;
        ScriptedClient first = server.client().connected();
        first.tell(ASKS);
        client.tell(ASKS);
        first.drop();

        answer.tryEmitValue(state("7"));
        server.run();

        assertThat(client.heard()).singleElement().asString().contains("'recovered':true");
    }

    @Test
    void publicationMeanwhileIsNotReplaced() {
        Sinks.One<CacheHook.State> answer = Sinks.one();
        state = answer::asMono;
        client.tell(ASKS);
        server.await(server.node().publisher().publishJson("state:a", "8"));

        answer.tryEmitValue(state("7"));
        server.run();

        assertThat(client.heard())
                .singleElement()
                .asString()
                .contains("'publications':[{'data':8,'offset':1}]", "'recovered':true");
    }

    @Test
    void applicationMayPublishItself() {
        state = () -> server.node().publisher().publishJson("state:a", "5").then(Mono.empty());

        client.tell(ASKS);
        server.run();

        assertThat(client.heard()).singleElement().asString().contains("'publications':[{'data':5,'offset':1}]");
    }

    @Test
    void clientIsSubscribedWithoutStateIfThereIsNone() {
        state = Mono::empty;

        assertThat(client.subscribe("state:a").since(0, "").reply()).isEqualTo(notRecovered(0, "e1"));
        assertThat(server.client().connected().subscribe("state:a").since(0, "").reply())
                .isEqualTo(notRecovered(0, "e1"));

        assertThat(asked).hasSize(2);
    }

    @Test
    void failureLeavesClientsWithoutState() {
        List<Supplier<Mono<CacheHook.State>>> failures = List.of(
                () -> Mono.error(new IllegalStateException("no database")),
                () -> {
                    throw new IllegalStateException("no database");
                },
                () -> {
                    throw new NoClassDefFoundError("no driver");
                },
                () -> Mono.just(state("no JSON")));
        for (Supplier<Mono<CacheHook.State>> failure : failures) {
            state = failure;

            assertThat(client.subscribe("state:a").since(0, "").reply()).isEqualTo(notRecovered(0, "e1"));
            client.unsubscribed("state:a");
        }
        state = () -> Mono.just(state("\"1\""));
        assertThat(client.subscribe("state:a").since(0, "").reply())
                .as("a failure is not kept")
                .isEqualTo(recovered(0, "e1", publication(1)));
    }

    @Test
    void engineThatFailsToPublishTheStateLeavesClientsWithoutIt() {
        server.engine().fail(Call.PUBLISH);

        assertThat(client.subscribe("state:a").since(0, "").reply()).isEqualTo(notRecovered(0, "e1"));
    }

    @Test
    void callThatTakesTooLongLeavesClientsWithoutState() {
        state = Mono::never;
        client.tell(ASKS);
        server.pass(Duration.ofMillis(900));
        assertThat(client.heard()).isEmpty();

        server.pass(Duration.ofMillis(200));

        assertThat(client.heard()).singleElement().asString().contains("'was_recovering':true");
        state = () -> Mono.just(state("\"1\""));
        assertThat(server.client().connected().subscribe("state:a").since(0, "").reply())
                .isEqualTo(recovered(0, "e1", publication(1)));
    }

    @Test
    void applicationIsNotAskedWhereNothingIsMissing() {
        assertThat(client.subscribe("state:a").reply())
                .as("does not ask for the latest")
                .isEqualTo(recoverable(0, "e1"));
        client.subscribe("stream:a").since(0, "").reply();
        server.publish("state:b", 1);
        client.subscribe("state:b").since(0, "").reply();
        client.unsubscribed("state:b");
        server.await(server.node().channels().removeHistory("state:b"));
        String epoch =
                server.await(server.node().channels().position("state:b")).epoch();
        assertThat(client.subscribe("state:b").since(1, epoch).reply())
                .as("has the latest, which is not kept any more")
                .isEqualTo(recovered(1, epoch));

        assertThat(asked).isEmpty();
    }
}
