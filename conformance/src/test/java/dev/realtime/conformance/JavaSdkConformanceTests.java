package dev.realtime.conformance;

import static dev.realtime.conformance.JavaSdkClient.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.ClientState;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official Java SDK, which Android uses too: the main path, in Protobuf. */
@ExtendWith(ConformanceServer.class)
class JavaSdkConformanceTests {

    private final List<JavaSdkClient> clients = new ArrayList<>();

    private URI server = URI.create("");

    @BeforeEach
    void find(URI server) {
        this.server = server;
    }

    @AfterEach
    void closeClients() throws InterruptedException {
        for (JavaSdkClient client : clients) {
            client.close();
        }
    }

    @Test
    void publicationsReachEverySubscriberInOrderWithTheirPublisher() throws Exception {
        JavaSdkClient duke = client();
        String dukesId = duke.connect();
        JavaSdkClient other = client();
        other.connect();
        String channel = unique("plain");
        JavaSdkSubscription atDuke = duke.subscribed(channel);
        JavaSdkSubscription atOther = other.subscribed(channel);

        atDuke.publish("{\"text\":\"héllo 👋\", \"n\":9007199254740993123}");
        atDuke.publish(1, 20);

        PublicationEvent first = atOther.heard.next();
        assertThat(text(first.getData())).isEqualTo("{\"text\":\"héllo 👋\", \"n\":9007199254740993123}");
        assertThat(first.getInfo().getUser()).isEqualTo(duke.user);
        assertThat(first.getInfo().getClient()).isEqualTo(dukesId);
        assertThat(text(first.getInfo().getConnInfo())).isEqualTo("{\"name\":\"Duke\"}");
        assertThat(atOther.hears(20)).isEqualTo(numbers(1, 20));
        assertThat(atDuke.hears(21)).endsWith("20");
    }

    @Test
    void missedPublicationsArriveOnceAndInOrder() throws Exception {
        String channel = unique("stream");
        JavaSdkSubscription writer = connected().subscribed(channel);
        JavaSdkClient reader = connected();
        JavaSdkSubscription reading = reader.subscribed(channel);
        writer.publish(1, 3);
        assertThat(reading.hears(3)).isEqualTo(numbers(1, 3));

        reader.disconnect();
        writer.publish(4, 23);
        reader.connect();
        SubscribedEvent comingBack = reading.subscribed.next();
        writer.publish(24, 25);

        assertThat(comingBack.wasRecovering()).isTrue();
        assertThat(comingBack.getRecovered()).isTrue();
        assertThat(reading.hears(22)).isEqualTo(numbers(4, 25));
        assertThat(reading.heard.isEmpty()).isTrue();
    }

    @Test
    void publicationsBeyondHistoryAreNotRecovered() throws Exception {
        String channel = unique("short");
        JavaSdkSubscription writer = connected().subscribed(channel);
        JavaSdkClient reader = connected();
        JavaSdkSubscription reading = reader.subscribed(channel);

        reader.disconnect();
        writer.publish(1, 5);
        reader.connect();
        SubscribedEvent comingBack = reading.subscribed.next();
        writer.publish(6, 6);

        assertThat(comingBack.wasRecovering()).isTrue();
        assertThat(comingBack.getRecovered()).isFalse();
        assertThat(reading.hears(1)).containsExactly("6");
    }

    @Test
    void presenceNamesEveryClient() throws Exception {
        String channel = unique("here");
        JavaSdkClient one = client();
        String oneId = one.connect();
        JavaSdkClient other = client();
        String otherId = other.connect();
        JavaSdkSubscription subscription = one.subscribed(channel);
        other.subscribed(channel);

        Map<String, ClientInfo> clients = answer(subscription.sdk()::presence).getClients();
        PresenceStatsResult stats = answer(subscription.sdk()::presenceStats);

        assertThat(clients).containsOnlyKeys(oneId, otherId);
        assertThat(clients.get(otherId).getUser()).isEqualTo(other.user);
        assertThat(stats.getNumClients()).isEqualTo(2);
        assertThat(stats.getNumUsers()).isEqualTo(2);
    }

    @Test
    void joinsAndLeavesReachWhoAskedForThem() {
        SubscriptionOptions options = new SubscriptionOptions();
        options.setJoinLeave(true);
        String channel = unique("here");
        JavaSdkClient watcher = client();
        String watcherId = watcher.connect();
        JavaSdkSubscription watching = watcher.subscribe(channel, options);
        assertThat(watching.joins.next().getInfo().getClient()).isEqualTo(watcherId);

        JavaSdkClient visitor = client();
        String visitorId = visitor.connect();
        JavaSdkSubscription visit = visitor.subscribed(channel);
        assertThat(watching.joins.next().getInfo().getClient()).isEqualTo(visitorId);

        visit.sdk().unsubscribe();
        assertThat(watching.leaves.next().getInfo().getClient()).isEqualTo(visitorId);
    }

    @Test
    void historyIsReadInBothDirections() throws Exception {
        JavaSdkSubscription subscription = connected().subscribed(unique("stream"));
        subscription.publish(1, 5);

        HistoryResult position = subscription.history(new HistoryOptions.Builder().build());
        StreamPosition second = new StreamPosition(2, position.getEpoch());
        StreamPosition fourth = new StreamPosition(4, position.getEpoch());

        assertThat(position.getOffset()).isEqualTo(5);
        assertThat(position.getPublications()).isEmpty();
        assertThat(offsets(subscription.history(new HistoryOptions.Builder()
                        .withLimit(2)
                        .withSince(second)
                        .build())))
                .containsExactly(3L, 4L);
        assertThat(offsets(subscription.history(new HistoryOptions.Builder()
                        .withLimit(-1)
                        .withSince(fourth)
                        .withReverse(true)
                        .build())))
                .containsExactly(3L, 2L, 1L);
    }

    @ParameterizedTest
    @CsvSource({"nosuch:channel, 102, unknown channel", "closed:channel, 103, permission denied"})
    void channelThatIsNotOpenIsRefused(String channel, int code, String reason) {
        JavaSdkSubscription refused = connected().subscribe(channel, new SubscriptionOptions());

        UnsubscribedEvent event = refused.unsubscribed.next();

        assertThat(event.getCode()).isEqualTo(code);
        assertThat(event.getReason()).isEqualTo(reason);
    }

    @Test
    void whatTheNamespaceLacksIsNotAvailable() {
        JavaSdkSubscription subscription = connected().subscribed(unique("plain"));

        assertThat(refusal(subscription.sdk()::presence)).isEqualTo(108);
        assertThat(refusal(subscription.sdk()::presenceStats)).isEqualTo(108);
        assertThat(this.<HistoryResult>refusal(
                        callback -> subscription.sdk().history(new HistoryOptions.Builder().build(), callback)))
                .isEqualTo(108);
    }

    @Test
    void channelGrantedOnConnectingIsHeardAndRecovered() throws Exception {
        String channel = unique("stream");
        JavaSdkClient client = client(channel);
        client.connect();
        assertThat(client.subscribedByServer.next().getChannel()).isEqualTo(channel);
        call("publish", "{\"channel\":\"%s\",\"data\":1}".formatted(channel));
        assertThat(text(client.heardByServer.next().getData())).isEqualTo("1");

        client.disconnect();
        call("publish", "{\"channel\":\"%s\",\"data\":2}".formatted(channel));
        client.connect();

        assertThat(client.subscribedByServer.next().getRecovered()).isTrue();
        assertThat(text(client.heardByServer.next().getData())).isEqualTo("2");
    }

    @Test
    void forcedDisconnectEndsTheConnectionForGood() throws Exception {
        JavaSdkClient client = connected();

        call("disconnect", "{\"user\":\"%s\"}".formatted(client.user));

        DisconnectedEvent event = client.disconnected.next();
        assertThat(event.getCode()).isEqualTo(3503);
        assertThat(event.getReason()).isEqualTo("force disconnect");
        assertThat(client.sdk().getState()).isEqualTo(ClientState.DISCONNECTED);
    }

    @Test
    void disconnectCodeOfTheApplicationLetsTheClientReconnect() throws Exception {
        JavaSdkClient client = client();
        String before = client.connect();
        client.connecting.next();

        call(
                "disconnect",
                "{\"user\":\"%s\",\"disconnect\":{\"code\":4000,\"reason\":\"moved\"}}".formatted(client.user));

        assertThat(client.connecting.next().getCode()).isEqualTo(4000);
        assertThat(client.connected.next().getClient()).isNotEqualTo(before);
    }

    @Test
    void connectionOutlivesSeveralPings() throws Exception {
        JavaSdkClient client = connected();
        client.connecting.next();
        JavaSdkSubscription subscription = client.subscribed(unique("plain"));
        Duration threePings = Duration.ofSeconds(7);

        await().during(threePings)
                .atMost(threePings.plusSeconds(2))
                .until(() -> client.connecting.isEmpty() && client.disconnected.isEmpty());

        subscription.publish("\"still here\"");
        assertThat(subscription.hears(1)).containsExactly("\"still here\"");
    }

    private JavaSdkClient client(String... channels) {
        JavaSdkClient client = new JavaSdkClient(server, channels);
        clients.add(client);
        return client;
    }

    private JavaSdkClient connected() {
        JavaSdkClient client = client();
        client.connect();
        return client;
    }

    /** Calls the server's HTTP API, as an application behind it does. */
    private void call(String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/" + method))
                .header("Content-Type", "application/json")
                .header("X-API-Key", "conformance-tests-and-nothing-else")
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private <T> int refusal(Consumer<ResultCallback<T>> call) {
        List<Integer> codes = new ArrayList<>();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> answer(call))
                .havingCause()
                .isInstanceOfSatisfying(ReplyError.class, error -> codes.add(error.getCode()));
        return codes.get(0);
    }

    private static String unique(String namespace) {
        return namespace + ":" + UUID.randomUUID();
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    private static List<Long> offsets(HistoryResult history) {
        return history.getPublications().stream().map(Publication::getOffset).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
