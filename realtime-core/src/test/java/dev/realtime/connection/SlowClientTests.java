package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.statistics.NamespaceStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that stop reading, in channels that leave out publications for them. */
@ExtendWith(BufferLeaks.class)
class SlowClientTests {

    private static final String PADDING = "x".repeat(900);

    private static final Pattern NUMBER = Pattern.compile("'n':(\\d+)");

    private static final Pattern KIND = Pattern.compile("'(join|leave|pub|history|unsubscribe)':");

    private static final DeliveryOptions CONFLATE = DeliveryOptions.DEFAULTS.withOnSlow(SlowClientPolicy.CONFLATE);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.queueMaxBytes(40_000).pongTimeout(Duration.ofHours(1)))
            .namespace(
                    "prices",
                    options -> options.subscribeAccess(ANYONE)
                            .historyAccess(ANYONE)
                            .allowTagsFilter(true)
                            .history(keeping(100))
                            .delivery(CONFLATE.withConflateKey("ticker")))
            .namespace(
                    "desk",
                    options -> options.subscribeAccess(ANYONE)
                            .joinLeave(true)
                            .forcePushJoinLeave(true)
                            .delivery(CONFLATE.withConflateKey("ticker")))
            .namespace("state", options -> options.subscribeAccess(ANYONE).delivery(CONFLATE))
            .namespace(
                    "log",
                    options -> options.subscribeAccess(ANYONE)
                            .delivery(DeliveryOptions.DEFAULTS.withOnSlow(SlowClientPolicy.DROP_OLDEST)))
            .start();

    private void publish(String channel, int number, Map<String, String> tags) {
        server.node()
                .publisher()
                .publish(
                        channel,
                        Payload.ofText("{\"n\":" + number + ",\"pad\":\"" + PADDING + "\"}"),
                        PublishOptions.DEFAULTS.withTags(tags))
                .subscribe();
        server.run();
    }

    private void publishTicker(int number, String ticker) {
        publish("prices:a", number, Map.of("ticker", ticker));
    }

    private ScriptedClient slow(String channel) {
        ScriptedClient client = server.client().connected().subscribed(channel);
        server.run();
        client.heard();
        client.transport().stuck(true);
        return client;
    }

    /** Lets the client read again, and returns what it got until it had everything. */
    private List<String> caughtUp(ScriptedClient client) {
        List<String> heard = new ArrayList<>();
        client.transport().stuck(false);
        server.pass(Duration.ofMillis(100));
        heard.addAll(client.heard());
        assertThat(client.closedWith()).isNull();
        return heard;
    }

    private static List<Integer> numbers(List<String> messages) {
        return messages.stream()
                .flatMap(message -> NUMBER.matcher(message).results())
                .map((MatchResult number) -> Integer.valueOf(number.group(1)))
                .toList();
    }

    private NamespaceStatistics statistics(String namespace) {
        return server.node().statistics().namespace(namespace);
    }

    @Test
    void newestOfEachKeyReachesAClientThatWasBehind() {
        ScriptedClient healthy = server.client().connected().subscribed("prices:a");
        ScriptedClient slow = slow("prices:a");
        server.run();
        healthy.heard();

        for (int i = 1; i <= 300; i++) {
            publishTicker(i, "T" + i % 3);
        }

        assertThat(slow.closedWith()).isNull();
        assertThat(numbers(healthy.heard()))
                .isEqualTo(IntStream.rangeClosed(1, 300).boxed().toList());
        List<Integer> got = numbers(caughtUp(slow));
        assertThat(got).isSorted().endsWith(298, 299, 300).hasSizeLessThan(20);
        assertThat(statistics("prices").conflated()).isEqualTo(300 - got.size());
        assertThat(statistics("prices").delivered()).isEqualTo(300 + got.size());
    }

    @Test
    void clientThatIsNotBehindGetsEverything() {
        ScriptedClient client = server.client().connected().subscribed("prices:a");
        server.run();
        client.heard();

        for (int i = 1; i <= 100; i++) {
            server.node()
                    .publisher()
                    .publish(
                            "prices:a",
                            Payload.ofText("{\"n\":" + i + ",\"pad\":\"" + PADDING + "\"}"),
                            PublishOptions.DEFAULTS.withTags(Map.of("ticker", "T")))
                    .subscribe();
        }
        server.run();

        assertThat(numbers(client.heard())).hasSize(100);
        assertThat(statistics("prices").conflated()).isZero();
    }

    @Test
    void withoutAKeyTheNewestOfTheChannelRemains() {
        ScriptedClient slow = slow("state:a");

        for (int i = 1; i <= 100; i++) {
            publish("state:a", i, Map.of());
        }

        List<Integer> got = numbers(caughtUp(slow));
        assertThat(got).isSorted().endsWith(100).hasSizeLessThan(20);
    }

    @Test
    void publicationsWithoutTheTagAreNotLeftOut() {
        ScriptedClient slow = slow("prices:a");
        for (int i = 1; i <= 20; i++) {
            publishTicker(i, "T");
        }

        publish("prices:a", 1_001, Map.of());
        publish("prices:a", 1_002, Map.of("other", "T"));
        publishTicker(21, "T");

        assertThat(numbers(caughtUp(slow))).endsWith(1_001, 1_002, 21);
    }

    @Test
    void repliesAndOtherPushesKeepTheirPlaceAndAreNotLeftOut() {
        ScriptedClient slow = slow("desk:a");
        for (int i = 1; i <= 20; i++) {
            publish("desk:a", i, Map.of("ticker", "T"));
        }

        ScriptedClient joined = server.client().connected().subscribed("desk:a");
        server.run();
        publish("desk:a", 21, Map.of("ticker", "U"));
        joined.drop();
        server.run();
        slow.tell("{'id':8,'unsubscribe':{'channel':'desk:a'}}");
        publish("desk:a", 22, Map.of("ticker", "U"));

        List<String> heard = caughtUp(slow);
        assertThat(numbers(heard)).endsWith(20, 21);
        assertThat(heard.subList(heard.size() - 4, heard.size()).stream()
                        .map(message -> KIND.matcher(message)
                                .results()
                                .findFirst()
                                .orElseThrow()
                                .group(1)))
                .containsExactly("join", "pub", "leave", "unsubscribe");
    }

    @Test
    void oldestAreDroppedForLackOfRoom() {
        ScriptedClient slow = slow("log:a");

        for (int i = 1; i <= 200; i++) {
            publish("log:a", i, Map.of());
        }
        slow.tell("{'id':7,'unsubscribe':{'channel':'other'}}");

        List<String> heard = caughtUp(slow);
        List<Integer> got = numbers(heard);
        assertThat(heard.get(heard.size() - 1)).isEqualTo("{'id':7,'unsubscribe':{}}");
        assertThat(got).isSorted().hasSizeBetween(30, 45);
        // What the transport had was sent; of the rest the newest remained.
        int newest = (int) got.stream().filter(n -> n > 150).count();
        assertThat(got.subList(got.size() - newest, got.size()))
                .isEqualTo(IntStream.rangeClosed(201 - newest, 200).boxed().toList());
        assertThat(statistics("log").dropped()).isEqualTo(200 - got.size());
    }

    @Test
    void tooManyKeysDisconnect() {
        ScriptedClient slow = slow("prices:a");

        for (int i = 1; i <= 60; i++) {
            publishTicker(i, "T" + i);
        }

        assertThat(slow.closedWith()).isEqualTo(Disconnect.SLOW);
    }

    /** A client with the permission to read history may have offsets checked; then nothing is left out. */
    @Test
    void subscriptionWithCheckedOffsetsIsDisconnectedInstead() {
        ScriptedClient slow = server.client().connected();
        slow.subscribe("prices:a").with("positioned", "true").reply();
        slow.transport().stuck(true);

        for (int i = 1; i <= 60; i++) {
            publishTicker(i, "T");
        }

        assertThat(slow.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(statistics("prices").conflated()).isZero();
    }

    @Test
    void whatWaitsIsFilteredAndLeavesOutTheExcluded() {
        ScriptedClient slow = server.client().connected();
        slow.subscribe("prices:a")
                .with("tf", "{'key':'ticker','cmp':'neq','val':'T2'}")
                .reply();
        slow.transport().stuck(true);
        for (int i = 1; i <= 50; i++) {
            publishTicker(i, "T" + i % 3);
        }

        server.node()
                .publisher()
                .publish(
                        "prices:a",
                        Payload.ofText("{\"n\":51}"),
                        PublishOptions.DEFAULTS.withTags(Map.of("ticker", "T0")).exceptClient(slow.id()))
                .subscribe();
        server.run();

        List<Integer> got = numbers(caughtUp(slow));
        assertThat(got).isSorted().endsWith(48, 49).allMatch(n -> n % 3 != 2);
    }

    @Test
    void clientThatIsDisconnectedGetsWhatWaited() {
        ScriptedClient slow = slow("prices:a");
        for (int i = 1; i <= 50; i++) {
            publishTicker(i, "T");
        }

        slow.transport().stuck(false);
        slow.tell("{'id':1,'connect':{}}");

        assertThat(slow.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        assertThat(numbers(slow.heard())).endsWith(50);
    }

    @Test
    void clientThatLeavesWhileItIsBehindLeavesNothing() {
        ScriptedClient slow = slow("prices:a");
        for (int i = 1; i <= 50; i++) {
            publishTicker(i, "T");
        }

        slow.drop();
        slow.transport().stuck(false);
        server.pass(Duration.ofSeconds(1));

        assertThat(server.node().describe().subscriptions()).isZero();
    }
}
