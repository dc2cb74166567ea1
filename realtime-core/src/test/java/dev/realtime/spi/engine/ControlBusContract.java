package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.eventually;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.spi.engine.ControlCommand.DisconnectClients;
import dev.realtime.spi.engine.ControlCommand.InvalidateChannel;
import dev.realtime.spi.engine.ControlCommand.RefreshClients;
import dev.realtime.spi.engine.ControlCommand.SubscribeClients;
import dev.realtime.spi.engine.ControlCommand.UnsubscribeClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/**
 * What every {@link ControlBus} owes: commands reach every node, questions are answered by each or by the one that was
 * asked, and nodes are known.
 */
public abstract class ControlBusContract {

    private static final ClientSelector EVERY_CLIENT = ClientSelector.user("42");

    /** Less than the time that an engine waits for a node. */
    private static final Duration NOT_WAITED_FOR = Duration.ofMillis(2500);

    private final RecordingNodeHandler node = new RecordingNodeHandler("first");

    private RecordingNodeHandler other;

    private EngineUnderTest underTest;

    private ControlBus bus;

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    @BeforeEach
    void startEngines() {
        underTest = underTest();
        bus = start(underTest.engine(), node);
        other = node;
        if (!isAlone()) {
            other = new RecordingNodeHandler("second");
            start(underTest.another(), other);
            eventually(() -> assertThat(get(bus.nodes())).hasSize(2));
        }
    }

    @AfterEach
    void stopEngines() {
        get(underTest.engine().stop());
        get(underTest.another().stop());
        underTest.close();
    }

    private boolean isAlone() {
        return underTest.another() == underTest.engine();
    }

    private static ControlBus start(Engine engine, NodeHandler handler) {
        engine.broker().start(new RecordingBrokerListener());
        engine.controlBus().start(handler);
        get(engine.start());
        return engine.controlBus();
    }

    @Test
    void broadcastWasRunHereWhenItCompletesAndReachesEveryNode() {
        ControlCommand command = new DisconnectClients(EVERY_CLIENT, Disconnect.FORCE_DISCONNECT);

        get(bus.broadcast(command));

        assertThat(node.commands()).containsExactly(command);
        eventually(() -> assertThat(other.commands()).containsExactly(command));
    }

    @Test
    void commandsArriveAsTheyWereSentAndInOrder() {
        ClientSelector narrow = new ClientSelector("", "client", "session", Set.of("c1", "日本", ""));
        Payload binary = Payload.of(new byte[] {0, -1, 13, 10});
        SubscribeOverrides overrides =
                SubscribeOverrides.NONE.withPresence(true).withJoinLeave(false).withForceRecovery(true);
        List<ControlCommand> commands = List.of(
                new DisconnectClients(narrow, new Disconnect(4321, "because")),
                new UnsubscribeClients(EVERY_CLIENT, "a\r\n{}😀", new Unsubscribe(2500, "insufficient state")),
                new UnsubscribeClients(EVERY_CLIENT, "", new Unsubscribe(0, "")),
                new SubscribeClients(
                        narrow,
                        "chat:room",
                        Payload.ofText("{\"n\":\"é\"}"),
                        binary,
                        new StreamPosition(-1, "epoch"),
                        Long.MAX_VALUE,
                        overrides,
                        TagsFilter.and(TagsFilter.not(TagsFilter.in("kind", "é", "")), TagsFilter.exists("price"))),
                new SubscribeClients(EVERY_CLIENT, "chat:room", null, null, null, 0, SubscribeOverrides.NONE, null),
                new InvalidateChannel("a\r\n{}😀"),
                new RefreshClients(EVERY_CLIENT, true, 0, null),
                new RefreshClients(narrow, false, 1_700_000_000L, Payload.ofText("null")));

        get(Flux.fromIterable(commands).concatMap(bus::broadcast).then());

        assertThat(node.commands()).isEqualTo(commands);
        eventually(() -> assertThat(other.commands()).isEqualTo(commands));
    }

    @Test
    void everyNodeAnswersASurveyOnce() {
        for (ControlQuestion question : List.of(
                new ControlQuestion.Channels(""),
                new ControlQuestion.Channels("chat:{a,b}*"),
                new ControlQuestion.Connections("пользователь"),
                new ControlQuestion.Connections(""))) {
            List<ControlAnswer> expected = isAlone()
                    ? List.of(node.answerTo(question))
                    : List.of(node.answerTo(question), other.answerTo(question));

            List<ControlAnswer> answers = get(bus.survey(question).collectList());

            assertThat(answers).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(node.questions()).endsWith(question);
            assertThat(other.questions()).endsWith(question);
        }
    }

    @Test
    void questionToOneNodeIsAnsweredByThatNodeAlone() {
        ControlQuestion question = new ControlQuestion.Connections("42");

        assertThat(get(bus.ask(other.describe().id(), question))).isEqualTo(other.answerTo(question));
        assertThat(get(bus.ask(other.describe().id(), question))).isEqualTo(other.answerTo(question));

        assertThat(other.questions()).containsExactly(question, question);
        if (!isAlone()) {
            assertThat(node.questions()).isEmpty();
        }
    }

    @Test
    void questionToThisNodeIsAnsweredHere() {
        ControlQuestion question = new ControlQuestion.Emulate("session", new byte[] {1});

        assertThat(get(bus.ask("first", question))).isEqualTo(node.answerTo(question));

        assertThat(node.questions()).containsExactly(question);
        if (!isAlone()) {
            assertThat(other.questions()).isEmpty();
        }
    }

    @Test
    void questionToAnUnknownNodeHasNoAnswerSoon() {
        ControlQuestion question = new ControlQuestion.Emulate("session", new byte[] {1});
        Instant asked = Instant.now();

        for (String unknown : List.of("third", "", "first\r\n", "n".repeat(10_000))) {
            assertThat(get(bus.ask(unknown, question))).as(unknown).isNull();
        }

        assertThat(Duration.between(asked, Instant.now())).isLessThan(NOT_WAITED_FOR);
        assertThat(node.questions()).isEmpty();
        assertThat(other.questions()).isEmpty();
    }

    @Test
    void questionToANodeThatLeftHasNoAnswerSoon() {
        if (isAlone()) {
            return;
        }
        get(underTest.another().stop());

        eventually(() -> {
            Instant asked = Instant.now();
            assertThat(get(bus.ask("second", new ControlQuestion.Channels("")))).isNull();
            assertThat(Duration.between(asked, Instant.now())).isLessThan(NOT_WAITED_FOR);
        });
    }

    @Test
    void questionThatIsNotAnsweredInTimeFails() {
        CompletableFuture<ControlAnswer> answer =
                bus.ask(other.describe().id(), RecordingNodeHandler.UNANSWERED).toFuture();
        for (int i = 0; i < 100 && !answer.isDone(); i++) {
            underTest.pass(Duration.ofMillis(100));
        }

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(EngineException.class)
                .hasMessageContaining("within");
        assertThat(other.questions()).containsExactly(RecordingNodeHandler.UNANSWERED);
    }

    @Test
    void framesForOneNodeReachItInTheOrderTheyWereHandedOver() {
        List<ControlQuestion> frames = IntStream.range(0, 500)
                .<ControlQuestion>mapToObj(i -> new ControlQuestion.Emulate("s" + i % 3, new byte[i]))
                .toList();

        List<ControlAnswer> answers = get(Flux.fromIterable(frames)
                .flatMapSequential(frame -> bus.ask(other.describe().id(), frame), frames.size())
                .collectList());

        assertThat(other.questions()).isEqualTo(frames);
        assertThat(answers).isEqualTo(frames.stream().map(other::answerTo).toList());
    }

    @Test
    void frameOfTheLargestCommandPassesUnchanged() {
        byte[] data = new byte[65_536];
        new Random(1).nextBytes(data);
        ControlQuestion frame = new ControlQuestion.Emulate("日本-_", data);

        assertThat(get(bus.ask(other.describe().id(), frame))).isEqualTo(new ControlAnswer.Emulated(true));

        assertThat(other.questions()).containsExactly(frame);
    }

    @Test
    void nodesListsEveryNodeAsItDescribesItself() {
        List<NodeDescription> expected =
                isAlone() ? List.of(node.describe()) : List.of(node.describe(), other.describe());

        assertThat(get(bus.nodes())).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void nothingHappensBeforeAPublisherIsSubscribedTo() {
        bus.broadcast(new RefreshClients(EVERY_CLIENT, true, 0, null));
        bus.survey(new ControlQuestion.Channels(""));
        bus.ask("first", new ControlQuestion.Channels(""));
        bus.ask("second", new ControlQuestion.Channels(""));
        ControlCommand command = new RefreshClients(EVERY_CLIENT, false, 7, null);

        get(bus.broadcast(command));

        eventually(() -> assertThat(other.commands()).containsExactly(command));
        assertThat(node.commands()).containsExactly(command);
        assertThat(node.questions()).isEmpty();
        assertThat(other.questions()).isEmpty();
    }
}
