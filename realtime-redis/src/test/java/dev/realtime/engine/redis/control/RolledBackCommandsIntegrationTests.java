package dev.realtime.engine.redis.control;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.engine.redis.MortalEngine;
import dev.realtime.engine.redis.RedisEngineUnderTest;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands run once on each node, whatever Redis forgets, and a node that may have missed some is notified. */
class RolledBackCommandsIntegrationTests {

    private RedisServer redis;

    private FaultProxy way;

    private RedisEngineUnderTest underTest;

    /** Reaches Redis directly. */
    private StartedEngine sender;

    /** Reaches Redis through the proxy. */
    private StartedEngine receiver;

    private MortalEngine mortal;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().persistent().start();
        way = FaultProxy.to(redis);
        // A command that Redis carried out and answered too late would be sent, and seen, twice.
        underTest = RedisEngineUnderTest.on(redis, Duration.ofSeconds(5));
        sender = new StartedEngine(underTest.engine(), "sender");
        mortal = underTest.newMortalEngine(way);
        receiver = new StartedEngine(mortal.engine(), "receiver");
    }

    @AfterEach
    void stop() {
        way.pass();
        if (!redis.running()) {
            redis.start();
        }
        sender.stop();
        receiver.stop();
        mortal.kill();
        underTest.close();
        way.close();
        redis.close();
    }

    private static ControlCommand disconnect(String user) {
        return new ControlCommand.DisconnectClients(ClientSelector.user(user), Disconnect.FORCE_DISCONNECT);
    }

    private void send(String... users) {
        for (String user : users) {
            eventually(() -> get(sender.engine.controlBus().broadcast(disconnect(user))));
        }
    }

    private static List<ControlCommand> disconnects(String... users) {
        return Arrays.stream(users)
                .map(RolledBackCommandsIntegrationTests::disconnect)
                .toList();
    }

    private void expect(String... users) {
        eventually(() -> assertThat(receiver.node.commands()).isEqualTo(disconnects(users)));
    }

    private String log() {
        return new String(underTest.keys().commands(), StandardCharsets.UTF_8);
    }

    private void awaitUp() {
        eventually(
                () -> assertThat(sender.engine.isUp() && receiver.engine.isUp()).isTrue());
    }

    @Test
    void commandsOfAnOlderLogAreNotRunAgain() {
        send("1", "2", "3");
        expect("1", "2", "3");
        redis.execute("SAVE");
        send("4");
        expect("1", "2", "3", "4");

        redis.kill();
        redis.start();
        awaitUp();
        send("5");

        expect("1", "2", "3", "4", "5");
        assertThat(receiver.node.missed()).isZero();
        assertThat(sender.node.missed()).isZero();
    }

    @Test
    void commandThatRedisLostReachesANodeThatWasCutOff() {
        send("1");
        expect("1");
        redis.execute("SAVE");
        way.refuse();
        way.reset();
        send("2");
        redis.kill();
        redis.start();
        way.pass();
        awaitUp();

        expect("1", "2");
        assertThat(receiver.node.missed()).isZero();
    }

    @Test
    void logThatIsGoneIsBegunAgain() {
        send("1", "2");
        expect("1", "2");
        redis.execute("DEL", log());

        send("3");

        expect("1", "2", "3");
        assertThat(receiver.node.missed()).isZero();
    }

    @Test
    void nodeThatWasCutOffRunsWhatItMissed() {
        send("1");
        way.refuse();
        way.reset();
        send("2", "3");
        way.pass();

        expect("1", "2", "3");
        assertThat(receiver.node.missed()).isZero();
    }

    @Test
    void nodeThatWasCutOffForLongerThanCommandsAreKeptIsReported() {
        send("1");
        expect("1");
        way.refuse();
        way.reset();
        send("2", "3");
        redis.execute("XTRIM", log(), "MAXLEN", "1");
        way.pass();

        eventually(() -> assertThat(receiver.node.missed()).isOne());
        expect("1", "3");
        assertThat(sender.node.missed()).isZero();
    }

    @Test
    void commandThatIsTooOldIsNotRun() {
        way.refuse();
        way.reset();
        redis.execute("XADD", log(), "1000-0", "p", "0-0", "i", "77", "c", "not run");
        way.pass();

        eventually(() -> assertThat(receiver.node.missed()).isOne());
        assertThat(receiver.node.commands()).isEmpty();
    }

    @Test
    void oldCommandsAreRemovedByTheNext() {
        redis.execute("XADD", log(), "1000-0", "p", "0-0", "i", "77", "c", "old");

        send("1");

        assertThat(redis.text("XLEN", log())).isEqualTo("1");
    }

    @Test
    void commandWhoseMessageIsMissingIsReadWhenTheNextOneComes() {
        send("1");
        expect("1");
        ControlCommand silent = sendInSilence("2");

        send("3");

        eventually(
                () -> assertThat(receiver.node.commands()).containsExactly(disconnect("1"), silent, disconnect("3")));
        assertThat(receiver.node.missed()).isZero();
    }

    @Test
    void commandWhoseMessageIsMissingIsReadAfterAMoment() {
        send("1");
        expect("1");

        ControlCommand silent = sendInSilence("2");

        eventually(() -> assertThat(receiver.node.commands()).containsExactly(disconnect("1"), silent));
    }

    /** Without a message, as where nodes use different commands for pub/sub or servers do not pass messages on. */
    private ControlCommand sendInSilence(String user) {
        ControlCommand command =
                new ControlCommand.UnsubscribeClients(ClientSelector.user(user), "chat:room", new Unsubscribe(0, ""));
        byte[] bytes = new BinaryOutput(64)
                .text("sender")
                .bytes(ControlFormat.write(command))
                .toBytes();
        // All of them are ASCII.
        String text = new String(bytes, StandardCharsets.US_ASCII);
        redis.execute("XADD", log(), "*", "p", lastId(), "i", "42", "c", text);
        return command;
    }

    private String lastId() {
        Matcher id = Pattern.compile("\\d+-\\d+").matcher(redis.text("XREVRANGE", log(), "+", "-", "COUNT", "1"));
        assertThat(id.find()).isTrue();
        return id.group();
    }

    /** The ids of a log are times of the server that keeps it. */
    @Test
    void commandsOfAServerWhoseClockIsBehindReachANodeThatKnewALaterOne() {
        long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        redis.execute("XADD", log(), ahead + "-0", "p", "0-0", "i", "1", "c", "");
        MortalEngine late = underTest.newMortalEngine(way);
        StartedEngine node = new StartedEngine(late.engine(), "late");
        try {
            redis.execute("DEL", log());

            send("1", "2");

            eventually(() -> assertThat(node.node.commands()).isEqualTo(disconnects("1", "2")));
            assertThat(node.node.missed()).isZero();
        } finally {
            node.stop();
            late.kill();
        }
    }
}
