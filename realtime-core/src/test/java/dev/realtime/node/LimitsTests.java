package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.api.data.Payload;
import dev.realtime.limit.ClientLimits;
import dev.realtime.limit.RateLimit;
import dev.realtime.protocol.CommandType;
import dev.realtime.spi.engine.ScriptedEngine;
import dev.realtime.statistics.LimitCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits on rates, connections and memory: clients beyond them are notified, others are not affected. */
class LimitsTests {

    private static final String PUBLISH = "{\"id\":7,\"publish\":{\"channel\":\"chat:a\",\"data\":1}}";

    private static final String TOO_MANY =
            "{\"id\":7,\"error\":{\"code\":111,\"message\":\"too many requests\",\"temporary\":true}}";

    @Test
    void commandsOverTheRateAreRefusedUntilTheBucketFillsAgain() {
        ScriptedServer server = server(new ClientLimits(null, 0, perSecond(2), Map.of(), null));
        ScriptedClient client = server.client().connected();

        client.send(PUBLISH).send(PUBLISH).send(PUBLISH);
        List<String> hasty = client.take();
        server.pass(Duration.ofMillis(500));
        client.send(PUBLISH);

        assertThat(hasty).containsExactly("{\"id\":7,\"publish\":{}}", "{\"id\":7,\"publish\":{}}", TOO_MANY);
        assertThat(client.take()).containsExactly("{\"id\":7,\"publish\":{}}");
        assertThat(refusals(server)).containsExactly("command_rate chat 1");
    }

    @Test
    void operationOverItsRateLeavesOthersAlone() {
        ScriptedServer server =
                server(new ClientLimits(null, 0, null, Map.of(CommandType.PUBLISH, perSecond(1)), null));
        ScriptedClient client = server.client().connected();

        client.send(PUBLISH).send(PUBLISH).send("{\"id\":8,\"unsubscribe\":{\"channel\":\"chat:a\"}}");

        assertThat(client.take())
                .containsExactly("{\"id\":7,\"publish\":{}}", TOO_MANY, "{\"id\":8,\"unsubscribe\":{}}");
        assertThat(refusals(server)).containsExactly("operation_rate chat 1");
    }

    @Test
    void messageOverTheRateDisconnectsSinceItHasNoReply() {
        ScriptedServer server = server(new ClientLimits(null, 0, perSecond(1), Map.of(), null));
        ScriptedClient client = server.client().connected();

        client.send(PUBLISH).send("{\"send\":{\"data\":1}}");

        assertThat(client.closedWith()).isEqualTo(Disconnect.TOO_MANY_REQUESTS);
    }

    @Test
    void pongsAreNotCounted() {
        ScriptedServer server = server(new ClientLimits(null, 0, perSecond(1), Map.of(), null));
        ScriptedClient client = server.client().connected();

        server.pass(Duration.ofSeconds(25));
        client.send("{}");
        client.take();
        client.send(PUBLISH);

        assertThat(client.take()).containsExactly("{\"id\":7,\"publish\":{}}");
    }

    @Test
    void clientWhoseCommandsFailTooOftenIsDisconnected() {
        ScriptedServer server = server(new ClientLimits(null, 0, null, Map.of(), perSecond(2)));
        ScriptedClient client = server.client().connected();
        String bad = "{\"id\":7,\"publish\":{\"channel\":\"none:a\",\"data\":1}}";

        client.send(bad).send(bad);
        Disconnect before = client.closedWith();
        client.send(bad);

        assertThat(before).isNull();
        assertThat(client.closedWith()).isEqualTo(Disconnect.TOO_MANY_ERRORS);
        assertThat(refusals(server)).containsExactly("error_rate  1");
    }

    @Test
    void connectionsOverTheLimitOrTheRateAreNotAdmitted() {
        ScriptedServer limited = ScriptedServer.setup()
                .client(options -> options.connectionLimit(1))
                .start();
        ScriptedServer paced = server(new ClientLimits(perSecond(1), 0, null, Map.of(), null));

        boolean first = limited.node().admits();
        limited.client();

        assertThat(first).isTrue();
        assertThat(limited.node().admits()).isFalse();
        assertThat(refusals(limited)).containsExactly("connection_limit  1");
        assertThat(paced.node().admits()).isTrue();
        assertThat(paced.node().admits()).isFalse();
        paced.pass(Duration.ofSeconds(1));
        assertThat(paced.node().admits()).isTrue();
    }

    @Test
    void longestQueueIsClosedWhenTheNodeHoldsTooMuch() {
        ScriptedServer server = server(new ClientLimits(null, 100_000, null, Map.of(), null));
        ScriptedClient healthy = server.client().connected().subscribed("chat:a");
        ScriptedClient slow = server.client().connected().subscribed("chat:a").subscribed("chat:b");
        ScriptedClient slower = server.client().connected().subscribed("chat:a").subscribed("chat:c");
        slow.transport().stuck(true);
        slower.transport().stuck(true);

        publish(server, "chat:b", 30_000);
        publish(server, "chat:c", 60_000);
        server.pass(Duration.ofMillis(200));
        @Nullable Disconnect atTheCeiling = slower.closedWith();
        publish(server, "chat:a", 20_000);
        server.pass(Duration.ofMillis(200));

        assertThat(atTheCeiling).isNull();
        assertThat(slower.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(slow.closedWith()).isNull();
        assertThat(healthy.closedWith()).isNull();
        assertThat(healthy.take()).hasSize(1);
        assertThat(refusals(server)).containsExactly("node_queue  1");
    }

    @Test
    void presenceThatIsLongerThanTheQueueIsRefused() {
        ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.queueMaxBytes(2_000))
                .namespace(
                        "chat",
                        options ->
                                options.subscribeAccess(ANYONE).presence(true).presenceAccess(ANYONE))
                .start();
        ScriptedClient asking = server.client().connected();
        asking.transport().stuck(true);
        String presence = "{\"id\":7,\"presence\":{\"channel\":\"chat:a\"}}";
        for (int i = 0; i < 20; i++) {
            server.client().connected().subscribed("chat:a");
        }

        asking.send(presence);
        asking.transport().stuck(false);

        assertThat(asking.closedWith()).isNull();
        assertThat(asking.take())
                .last()
                .asString()
                .isEqualTo("{\"id\":7,\"error\":{\"code\":106,\"message\":\"limit exceeded\"}}");
    }

    @Test
    void presenceOfMoreClientsThanTheEngineReadsIsRefused() {
        ScriptedServer server = ScriptedServer.setup()
                .namespace(
                        "chat",
                        options ->
                                options.subscribeAccess(ANYONE).presence(true).presenceAccess(ANYONE))
                .start();
        server.engine()
                .fail(ScriptedEngine.Call.READ_PRESENCE, new ResultTooLongException("more than the engine reads"));
        ScriptedClient asking = server.client().connected();

        asking.send("{\"id\":7,\"presence\":{\"channel\":\"chat:a\"}}");

        assertThat(asking.take())
                .last()
                .asString()
                .isEqualTo("{\"id\":7,\"error\":{\"code\":106,\"message\":\"limit exceeded\"}}");
    }

    private static void publish(ScriptedServer server, String channel, int bytes) {
        Payload data = Payload.ofText("\"" + "x".repeat(bytes) + "\"");
        server.node().publisher().publish(channel, data).block();
        server.run();
    }

    private static RateLimit perSecond(int limit) {
        return new RateLimit(limit, Duration.ofSeconds(1));
    }

    private static ScriptedServer server(ClientLimits limits) {
        return ScriptedServer.setup()
                .client(options -> options.limits(limits))
                .namespace("chat", options -> options.subscribeAccess(ANYONE).publishAccess(ANYONE))
                .start();
    }

    private static List<String> refusals(ScriptedServer server) {
        List<LimitCounter> counts = new ArrayList<>();
        server.node().statistics().whenLimitAppears(counts::add);
        return counts.stream()
                .map(count -> count.limit().id() + " " + count.namespace() + " " + count.count())
                .toList();
    }
}
