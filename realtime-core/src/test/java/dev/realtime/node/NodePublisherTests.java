package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Publishing through the bean of the node. */
@ExtendWith(BufferLeaks.class)
class NodePublisherTests {

    private static final HistoryOptions TEN = keeping(10);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.personalChannel(true).channelLimit(3))
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .namespace("chat", options -> options.subscribeAccess(ANYONE).presence(true))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE).history(TEN).forceRecovery(true))
            .namespace("objects", options -> options.publicationDataFormat(DataFormat.JSON_OBJECT))
            .authenticator(context -> Mono.just(
                    context.token().startsWith("expiring ")
                            ? Authentication.of(context.token().substring(9))
                                    .expiringAt(ScriptedServer.START.plusSeconds(60), true)
                            : Authentication.of(context.token())))
            .start();

    private void refusedWith(ClientError error, Mono<?> call) {
        assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> server.await(call))
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(error));
    }

    @Test
    void publishAnswersThePlaceInTheStream() {
        assertThat(server.await(server.node().publisher().publish("news:a", 1)))
                .isEqualTo(new PublishResult(new StreamPosition(1, "e1"), PublishResult.Suppression.NONE));
        assertThat(server.await(server.node().publisher().publish("chat:a", 1)))
                .isEqualTo(PublishResult.WITHOUT_HISTORY);
    }

    @Test
    void nothingIsPublishedBeforeSomeoneSubscribes() {
        Mono<PublishResult> publish = server.node().publisher().publish("news:a", 1);
        assertThat(server.engine().calls(Call.PUBLISH)).isZero();

        server.await(publish);
        server.await(publish);
        assertThat(server.engine().calls(Call.PUBLISH)).isEqualTo(2);
    }

    @Test
    void objectsAreWrittenAndBytesAreSentAsTheyAre() {
        ScriptedClient client = server.client().connected("alice").subscribed("news:a");

        server.publish("news:a", "text", "{\"raw\":1}".getBytes(StandardCharsets.UTF_8), Payload.ofText("[2]"));

        assertThat(client.heard())
                .containsExactly(
                        "{'push':{'channel':'news:a','pub':{'data':'text','offset':1}}}",
                        "{'push':{'channel':'news:a','pub':{'data':{'raw':1},'offset':2}}}",
                        "{'push':{'channel':'news:a','pub':{'data':[2],'offset':3}}}");
    }

    @Test
    void jsonTextIsPublishedAsTheJsonThatItIs() {
        ScriptedClient client = server.client().connected("alice").subscribed("news:a");

        server.await(server.node().publisher().publishJson("news:a", "{\"a\": 1}"));

        assertThat(client.heard()).containsExactly("{'push':{'channel':'news:a','pub':{'data':{'a': 1},'offset':1}}}");
        refusedWith(ClientError.BAD_REQUEST, server.node().publisher().publishJson("news:a", "{not json"));
        refusedWith(ClientError.BAD_REQUEST, server.node().publisher().publishJson("news:a", ""));
    }

    @Test
    void settingsOfAPublishCount() {
        ScriptedClient client = server.client().connected("alice").subscribed("news:a");
        var publisher = server.node().publisher();

        server.await(publisher.publish("news:a", 1, PublishOptions.DEFAULTS.withIdempotencyKey("k")));
        assertThat(server.await(publisher.publish("news:a", 1, PublishOptions.DEFAULTS.withIdempotencyKey("k"))))
                .isEqualTo(new PublishResult(new StreamPosition(1, "e1"), PublishResult.Suppression.IDEMPOTENCY_KEY));
        server.await(publisher.publish("news:a", 2, PublishOptions.DEFAULTS.withTags(Map.of("t", "v"))));
        server.await(publisher.publish("news:a", 3, PublishOptions.DEFAULTS.withoutHistory()));

        assertThat(client.heard())
                .containsExactly(
                        "{'push':{'channel':'news:a','pub':{'data':'1','offset':1}}}",
                        "{'push':{'channel':'news:a','pub':{'data':'2','offset':2,'tags':{'t':'v'}}}}",
                        "{'push':{'channel':'news:a','pub':{'data':'3'}}}");
    }

    @Test
    void publishIsRefusedForChannelsThatAreNotThereAndDataThatIsNotAllowed() {
        var publisher = server.node().publisher();

        refusedWith(ClientError.BAD_REQUEST, publisher.publish("", 1));
        refusedWith(ClientError.UNKNOWN_CHANNEL, publisher.publish("unknown:a", 1));
        refusedWith(ClientError.BAD_REQUEST, publisher.publish("objects:a", Payload.ofText("[]")));
        refusedWith(ClientError.BAD_REQUEST, publisher.publish("chat:a", Payload.empty()));
        server.await(publisher.publish("chat:ü" + "x".repeat(300), 1));
    }

    @Test
    void broadcastAnswersForEachChannelInOrderWhateverFails() {
        ScriptedClient client =
                server.client().connected("alice").subscribed("chat:a").subscribed("news:a");

        List<BroadcastOutcome> outcomes = server.await(server.node()
                .publisher()
                .broadcast(List.of("chat:a", "unknown:a", "news:a"), 1)
                .collectList());

        assertThat(outcomes).extracting(BroadcastOutcome::channel).containsExactly("chat:a", "unknown:a", "news:a");
        assertThat(outcomes.get(0).result()).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(outcomes.get(1).error()).isInstanceOf(RealtimeException.class);
        assertThat(outcomes.get(2).error()).isNull();
        assertThat(client.heard()).hasSize(2);
    }

    @Test
    void publishToAUserReachesAllItsConnections() {
        ScriptedClient first = server.client().connected("alice");
        ScriptedClient second = server.client().connected("alice");
        ScriptedClient other = server.client().connected("bob");

        server.await(server.node().publisher().publishToUser("alice", 1));

        assertThat(first.heard()).containsExactly("{'push':{'channel':'#alice','pub':{'data':'1'}}}");
        assertThat(second.heard()).hasSize(1);
        assertThat(other.heard()).isEmpty();
        refusedWith(ClientError.BAD_REQUEST, server.node().publisher().publishToUser("", 1));
        try (ScriptedServer without = ScriptedServer.setup().start()) {
            refusedWith(ClientError.NOT_AVAILABLE, without.node().publisher().publishToUser("alice", 1));
        }
    }

    @Test
    void failureOfTheEngineIsTheAnswer() {
        server.engine().fail(Call.PUBLISH);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> server.await(server.node().publisher().publish("chat:a", 1)));
    }
}
