package dev.realtime.emulation;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.node.EmulationOutcome.ACCEPTED;
import static dev.realtime.node.EmulationOutcome.TOO_MANY_WAITING;
import static dev.realtime.node.EmulationOutcome.UNKNOWN_NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.EmulationOutcome;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.WireForm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Clients that post their commands apart from the stream that carries the replies. */
@ExtendWith(BufferLeaks.class)
class EmulatedConnectionTests {

    private final List<String> called = new ArrayList<>();

    private final Queue<Sinks.One<Payload>> waiting = new ArrayDeque<>();

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .rpc((caller, method, data) -> {
                called.add(method);
                if (method.startsWith("slow")) {
                    Sinks.One<Payload> answer = Sinks.one();
                    waiting.add(answer);
                    return answer.asMono();
                }
                return Mono.just(Payload.ofText("1"));
            })
            .tokensAreUsers()
            .start();

    private final ScriptedClient client = emulated().connected("alice");

    private ScriptedClient emulated() {
        return server.clientOf(WireForm.JSON_SSE, TransportCapabilities.EMULATED);
    }

    private static String rpc(int id, String method) {
        return "{'id':" + id + ",'rpc':{'method':'" + method + "'}}";
    }

    private void answer() {
        waiting.remove().tryEmitValue(Payload.ofText("1"));
        server.run();
    }

    private EmulationOutcome emulate(String node, String session, String frame) {
        return server.await(server.node().emulate(node, session, frame.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void connectResultNamesTheSessionAndTheNode() {
        Set<String> sessions = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            List<String> heard = emulated().ask("{'id':1,'connect':{'token':'bob'}}");

            assertThat(heard).hasSize(1);
            assertThat(heard.get(0))
                    .matches(".*'session':'[A-Za-z0-9_-]{22}','node':'"
                            + server.node().id() + "'.*");
            sessions.add(heard.get(0).replaceAll(".*'session':'([^']+)'.*", "$1"));
        }
        assertThat(sessions).hasSize(100);
    }

    @Test
    void connectResultOfOtherClientsNamesNeither() {
        assertThat(server.client().ask("{'id':1,'connect':{'token':'bob'}}").get(0))
                .doesNotContain("'session'", "'node'");
    }

    @Test
    void postedCommandIsRepliedToOnTheStream() {
        assertThat(client.post(rpc(2, "a"))).isEqualTo(ACCEPTED);

        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}");
    }

    @Test
    void commandsRunInTheOrderInWhichTheClientIssuedThem() {
        client.post(rpc(4, "c"));
        client.post(rpc(3, "b"));
        assertThat(called).isEmpty();

        client.post(rpc(2, "a"));

        assertThat(called).containsExactly("a", "b", "c");
    }

    @Test
    void commandsOfTheFirstRequestCount() {
        ScriptedClient batching = emulated();
        batching.tell("{'id':7,'connect':{'token':'bob'}}\n" + rpc(8, "a")).heard();

        batching.post(rpc(10, "c"));
        batching.post(rpc(9, "b"));

        assertThat(called).containsExactly("a", "b", "c");
    }

    @Test
    void lostCommandHoldsUpTheOthersForAMoment() {
        client.post(rpc(3, "b"));
        assertThat(called).isEmpty();

        server.pass(Duration.ofMillis(300));

        assertThat(called).containsExactly("b");
        assertThat(client.heard()).containsExactly("{'id':3,'rpc':{'data':1}}");
    }

    @Test
    void connectionThatEndsWhileAFrameIsHeldLeavesNothing() {
        client.post(rpc(3, "b"));

        server.await(server.node().clients().disconnect("alice"));
        server.passSeconds(1);

        assertThat(called).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
    }

    @Test
    void malformedFrameIsAcceptedAndEndsTheConnection() {
        for (String frame : List.of("nonsense", "", "{'id':2}", "{'id':2,'connect':{}}", rpc(2, "a") + "\n\n" + "x")) {
            ScriptedClient victim = emulated().connected("bob");

            assertThat(victim.post(frame)).isEqualTo(ACCEPTED);

            assertThat(victim.closedWith()).as(frame).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void pongIsPosted() {
        server.passSeconds(19);
        assertThat(client.heard()).containsExactly("{}");

        assertThat(client.post("{}")).isEqualTo(ACCEPTED);

        server.passSeconds(20);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void clientThatPostsNoPongIsDisconnected() {
        server.passSeconds(19 + 10);

        assertThat(client.closedWith()).isEqualTo(Disconnect.NO_PONG);
    }

    @Test
    void unknownSessionHasTheOutcomeOfAKnownOne() {
        String node = server.node().id();
        for (String session :
                List.of("", "unknown", client.session() + "x", client.session().substring(1))) {
            assertThat(emulate(node, session, "nonsense")).isEqualTo(ACCEPTED);
        }
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void sessionEndsWithItsConnection() {
        client.drop();

        for (int i = 0; i < 10_000; i++) {
            assertThat(client.post(rpc(2, "a"))).isEqualTo(ACCEPTED);
        }
        assertThat(called).isEmpty();
    }

    @Test
    void unknownNodeIsNamed() {
        assertThat(emulate("unknown", client.session(), "nonsense")).isEqualTo(UNKNOWN_NODE);
        assertThat(emulate("", client.session(), "nonsense")).isEqualTo(UNKNOWN_NODE);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void framesBehindACommandThatWaitsAreBounded() {
        String big = "b" + "x".repeat(50_000);
        client.post(rpc(2, "slow"));

        assertThat(client.post(rpc(3, big))).isEqualTo(ACCEPTED);
        assertThat(client.post(rpc(4, big))).isEqualTo(ACCEPTED);
        for (int i = 0; i < 5_000; i++) {
            assertThat(client.post(rpc(5, big))).isEqualTo(TOO_MANY_WAITING);
        }
        assertThat(called).containsExactly("slow");

        answer();
        assertThat(called).hasSize(3);
        assertThat(client.post(rpc(5, big))).isEqualTo(ACCEPTED);
        assertThat(called).hasSize(4);
        assertThat(refused()).containsExactly("emulation_queue 5000");
    }

    private List<String> refused() {
        List<String> counts = new ArrayList<>();
        server.node()
                .statistics()
                .whenLimitAppears(count -> counts.add(count.limit().id() + " " + count.count()));
        return counts;
    }

    @Test
    void framesThatWaitForOthersAreBounded() {
        int taken = 0;
        for (int id = 3; id < 1_000; id++) {
            if (client.post(rpc(id, "x".repeat(1_000))) == ACCEPTED) {
                taken++;
            }
        }

        assertThat(taken).isBetween(100, EmulatedSession.MAX_WAITING_BYTES / 1_000);
        assertThat(called).isEmpty();
        server.pass(Duration.ofMillis(300));
        assertThat(called).hasSize(taken);
    }

    @Test
    void framesThatWaitForABusyExecutorAreBounded() {
        List<EmulationOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            client.postLater("{'send':{'data':1}}").subscribe(outcomes::add);
        }

        assertThat(outcomes).hasSize(10_000);
        assertThat(outcomes.stream().filter(ACCEPTED::equals).count())
                .isBetween(1_000L, (long) EmulatedSession.MAX_WAITING_BYTES / EmulatedSession.FRAME_OVERHEAD);
    }

    @Test
    void frameLongerThanTheBoundIsTakenWhenNothingWaits() {
        String long1 = "{'id':2,'rpc':{'method':'a'}}" + " ".repeat(EmulatedSession.MAX_WAITING_BYTES);

        assertThat(client.post(long1)).isEqualTo(ACCEPTED);

        assertThat(client.closedWith()).as("the command is longer than allowed").isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void clientThatStopsReadingIsDisconnectedAndItsPostsCostNothing() {
        client.transport().stuck(true);

        int posted = 0;
        for (int id = 2; client.closedWith() == null && id < 200_000; id++) {
            assertThat(client.post(rpc(id, "a"))).isEqualTo(ACCEPTED);
            posted++;
        }

        assertThat(client.closedWith()).isEqualTo(Disconnect.SLOW);
        assertThat(client.post(rpc(posted, "a"))).isEqualTo(ACCEPTED);
        assertThat(called).hasSize(posted);
    }
}
