package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that come back together read the stream together, and none of them misses anything for it. */
class SharedHistoryReadsTests {

    private static final Pattern DATA = Pattern.compile("'data':'(\\d+)'");

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(1_000))
                            .forceRecovery(true))
            .start();

    @BeforeEach
    void publishOnce() {
        server.publish("news:today", 1);
    }

    @Test
    void equalRecoveriesThatWaitShareOneRead() {
        server.publish("news:today", 2, 3);
        int before = server.engine().calls(Call.HISTORY);
        server.engine().hold(Call.HISTORY);

        ScriptedClient first = recover(1);
        List<ScriptedClient> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(recover(1));
        }
        server.engine().release(Call.HISTORY);

        assertThat(first.heard())
                .singleElement()
                .asString()
                .contains("'recovered':true")
                .contains("'data':'3'");
        assertThat(others)
                .allSatisfy(client -> assertThat(client.heard())
                        .singleElement()
                        .asString()
                        .contains("'recovered':true")
                        .contains("'data':'2'")
                        .contains("'data':'3'"));
        assertThat(server.engine().calls(Call.HISTORY) - before).isEqualTo(2);
    }

    @Test
    void recoveriesFromDifferentPositionsAreReadEach() {
        server.publish("news:today", 2, 3);
        int before = server.engine().calls(Call.HISTORY);
        server.engine().hold(Call.HISTORY);

        ScriptedClient fromOne = recover(1);
        ScriptedClient fromTwo = recover(2);
        server.engine().release(Call.HISTORY);

        assertThat(fromOne.heard())
                .singleElement()
                .asString()
                .contains("'data':'2'")
                .contains("'data':'3'");
        assertThat(fromTwo.heard())
                .singleElement()
                .asString()
                .doesNotContain("'data':'2'")
                .contains("'data':'3'");
        assertThat(server.engine().calls(Call.HISTORY) - before).isEqualTo(2);
    }

    /** The engine looked for the first client before the publication, and the second came after it. */
    @Test
    void publicationBetweenAReadUnderWayAndANewcomerIsNotLost() {
        server.engine().holdResults(Call.HISTORY);

        ScriptedClient first = recover(1);
        server.publish("news:today", 2);
        ScriptedClient second = recover(1);
        server.engine().release(Call.HISTORY);

        assertThat(first.heard()).hasSize(2).last().asString().contains("'data':'2'");
        assertThat(second.heard())
                .singleElement()
                .asString()
                .contains("'recovered':true")
                .contains("'data':'2'");
    }

    @Test
    void nextReadAfterTheLastAnswerLooksAgain() {
        recover(1).heard();
        server.publish("news:today", 2);

        assertThat(recover(1).heard()).singleElement().asString().contains("'data':'2'");
    }

    @Test
    void failedReadIsToldToThoseWhoSharedItAndToNobodyElse() {
        server.engine().hold(Call.HISTORY);
        ScriptedClient first = recover(1);
        ScriptedClient second = recover(1);
        server.engine().fail(Call.HISTORY);
        server.engine().release(Call.HISTORY);
        List<String> heardByFirst = first.heard();
        List<String> heardBySecond = second.heard();
        server.engine().heal(Call.HISTORY);

        assertThat(heardByFirst).singleElement().asString().contains("'code':100");
        assertThat(heardBySecond).singleElement().asString().contains("'code':100");
        assertThat(recover(1).heard()).singleElement().asString().contains("'recovered':true");
    }

    @Test
    void readIsSharedAlthoughTheOneWhoAskedFirstIsGone() {
        server.engine().hold(Call.HISTORY);
        ScriptedClient first = recover(1);
        ScriptedClient second = recover(1);

        first.drop();
        server.engine().release(Call.HISTORY);

        assertThat(second.heard()).singleElement().asString().contains("'recovered':true");
    }

    /** Whatever waits for whatever, every client ends with every publication, once and in order. */
    @Test
    void everyClientHearsEverythingInWhateverOrderThingsHappen() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int top = round * 4 + 1;
            List<ScriptedClient> clients = new ArrayList<>();
            List<List<String>> heard = new ArrayList<>();
            for (int published = 0; published < 4; ) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        server.engine().release(Call.HISTORY);
                        server.engine().holdResults(Call.HISTORY);
                    }
                    case 1 -> server.engine().release(Call.HISTORY);
                    case 2 -> server.publish("news:today", top + ++published);
                    default -> clients.add(recover(top));
                }
            }
            server.engine().release(Call.HISTORY);
            clients.forEach(client -> heard.add(client.heard()));
            clients.forEach(ScriptedClient::drop);

            List<String> all = List.of("" + (top + 1), "" + (top + 2), "" + (top + 3), "" + (top + 4));
            assertThat(heard)
                    .as("seed %d, round %d", seed, round)
                    .allSatisfy(messages -> assertThat(data(messages)).isEqualTo(all));
        }
    }

    /** Data of the publications in replies and pushes, in the order they came. */
    private static List<String> data(List<String> messages) {
        List<String> data = new ArrayList<>();
        for (String message : messages) {
            for (Matcher matcher = DATA.matcher(message); matcher.find(); ) {
                data.add(matcher.group(1));
            }
        }
        return data;
    }

    private ScriptedClient recover(long offset) {
        ScriptedClient client = server.client().connected();
        return client.tell(
                "{'id':2,'subscribe':{'channel':'news:today','recover':true,'epoch':'e1','offset':" + offset + "}}");
    }

    @Test
    void engineThatThrowsFailsTheReadsThatWaitForItAndNoLaterOne() {
        server.engine().beforeCall(call -> {
            if (call == Call.HISTORY) {
                server.engine().beforeCall(any -> {});
                throw new NoClassDefFoundError("on/Purpose");
            }
        });

        ScriptedClient failed = recover(1);
        ScriptedClient later = recover(1);

        assertThat(failed.heard()).singleElement().asString().contains("'code':100");
        assertThat(later.heard()).singleElement().asString().contains("'recovered':true");
    }
}
