package dev.realtime.spi.engine;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.NodeDescription;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Node that records its commands, and replies to every question with text that names the question. */
public final class RecordingNodeHandler implements NodeHandler {

    /** Question that it never replies to. */
    public static final ControlQuestion UNANSWERED = new ControlQuestion.Channels("unanswered");

    private final String id;

    private final List<ControlCommand> commands = new CopyOnWriteArrayList<>();

    private final List<ControlQuestion> questions = new CopyOnWriteArrayList<>();

    private final AtomicInteger missed = new AtomicInteger();

    public RecordingNodeHandler(String id) {
        this.id = id;
    }

    @Override
    public Mono<Void> run(ControlCommand command) {
        return Mono.fromRunnable(() -> commands.add(command));
    }

    @Override
    public Mono<Void> commandsMissed() {
        return Mono.fromRunnable(missed::incrementAndGet);
    }

    /** How often it was notified that commands may be missing. */
    public int missed() {
        return missed.get();
    }

    @Override
    public Mono<ControlAnswer> answer(ControlQuestion question) {
        return Mono.defer(() -> {
            questions.add(question);
            return question.equals(UNANSWERED) ? Mono.never() : Mono.just(answerTo(question));
        });
    }

    /** Returns the reply of this node to a question. */
    public ControlAnswer answerTo(ControlQuestion question) {
        if (question instanceof ControlQuestion.Connections connections) {
            return new ControlAnswer.Connections(List.of(
                    new ConnectedClient(
                            "client-of-" + id,
                            connections.userId(),
                            id,
                            "js",
                            "5.3.0",
                            "websocket",
                            "protobuf",
                            List.of("a", "{}", "日本"),
                            1_700_000_000_123L),
                    new ConnectedClient("bare", connections.userId(), id, "", "", "", "json", List.of(), 0)));
        }
        if (question instanceof ControlQuestion.Emulate emulate) {
            return new ControlAnswer.Emulated(emulate.data().length % 2 == 0);
        }
        return new ControlAnswer.Channels(Map.of("channel-of-" + id, 3, "{}", 1, "a\r\nb", Integer.MAX_VALUE));
    }

    @Override
    public NodeDescription describe() {
        return new NodeDescription(id, "name of " + id, "1.2.3", 4, 3, 7, 5, 60);
    }

    /** Returns the commands in the order of arrival. */
    public List<ControlCommand> commands() {
        return commands;
    }

    /** What it was asked, in the order of arrival. */
    public List<ControlQuestion> questions() {
        return questions;
    }
}
