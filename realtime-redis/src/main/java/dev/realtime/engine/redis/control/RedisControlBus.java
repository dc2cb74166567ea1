package dev.realtime.engine.redis.control;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.pubsub.SubscriptionListener;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.NodeHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Control bus of nodes that share a Redis. Commands are published and kept for a while; questions and their replies are
 * only published; nodes announce themselves by a heartbeat.
 */
public final class RedisControlBus implements ControlBus, SubscriptionListener {

    /** Topic of the questions that nodes ask each other; the engine has topics of its own beside it. */
    private static final int NODE_TOPIC = 1;

    private static final Logger logger = LoggerFactory.getLogger(RedisControlBus.class);

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final RedisCommands commands;

    private final SubscriptionManager subscriptions;

    private final GarbageLog garbage;

    private final int partition;

    private final Duration heartbeatInterval;

    private final NodeRegistry registry;

    private final Surveys surveys;

    private final NodeQuestions questions;

    private final CommandLog log;

    private final Disposable.Swap heartbeat = Disposables.swap();

    private final AtomicBoolean beating = new AtomicBoolean();

    private volatile @Nullable NodeHandler handler;

    /** Id of this node; empty before the start. */
    private volatile String nodeId = "";

    public RedisControlBus(
            RedisKeys keys,
            RedisScripts scripts,
            RedisCommands commands,
            SubscriptionManager subscriptions,
            GarbageLog garbage,
            int partition,
            RedisEngineOptions options) {
        this.keys = keys;
        this.scripts = scripts;
        this.commands = commands;
        this.subscriptions = subscriptions;
        this.garbage = garbage;
        this.partition = partition;
        this.heartbeatInterval = options.heartbeatInterval();
        this.registry = new NodeRegistry(keys, scripts, garbage, partition, options);
        this.surveys = new Surveys(keys, scripts, commands, partition, registry);
        this.log = new CommandLog(keys, scripts, garbage, partition, new Commands());
        this.questions = new NodeQuestions(keys, scripts, commands, partition, registry, this::answer);
        surveys.answer(NODE_TOPIC, this::answer);
    }

    private Mono<byte[]> answer(byte[] question) {
        return handler().answer(QuestionFormat.readQuestion(question)).map(QuestionFormat::write);
    }

    /** Id of this node; empty before it has joined. */
    public String nodeId() {
        return nodeId;
    }

    public Surveys surveys() {
        return surveys;
    }

    @Override
    public void start(NodeHandler handler) {
        this.handler = handler;
    }

    /** Joins: receives commands and questions from now on, and counts as a live node. */
    public Mono<Void> join() {
        return Mono.defer(() -> {
            nodeId = handler().describe().id();
            surveys.start(nodeId);
            questions.start(nodeId);
            return subscriptions
                    .subscribe(partition, keys.controlName(), this)
                    .and(subscriptions.subscribe(partition, keys.nodeName(nodeId), this))
                    .then(log.start())
                    .then(Mono.defer(() -> registry.beat(handler().describe())))
                    .then(Mono.defer(registry::read))
                    .then(surveys.meet())
                    .then(Mono.fromRunnable(this::beatFromNowOn));
        });
    }

    private void beatFromNowOn() {
        long millis = heartbeatInterval.toMillis();
        heartbeat.update(scripts.scheduler().schedulePeriodically(this::beat, millis, millis, TimeUnit.MILLISECONDS));
    }

    private void beat() {
        if (beating.compareAndSet(false, true)) {
            Mono.defer(() -> registry.beat(handler().describe()))
                    .then(log.check())
                    .doFinally(signal -> beating.set(false))
                    .subscribe(
                            nothing -> {},
                            error -> logger.debug("This node could not send its heartbeat: {}", error.toString()));
        }
    }

    /**
     * Takes part no more. Completes without error, also when Redis cannot be reached.
     *
     * @param inGoodOrder whether the others need not wait for what this node may know
     */
    public Mono<Void> leave(boolean inGoodOrder) {
        return Mono.<Void>defer(() -> {
                    heartbeat.update(Disposables.disposed());
                    log.stop();
                    if (nodeId.isEmpty() || !inGoodOrder) {
                        return Mono.empty();
                    }
                    return registry.leave().then(sayGoodbye()).onErrorResume(error -> {
                        logger.debug("This node could not announce its end: {}", error.toString());
                        return Mono.empty();
                    });
                })
                .doFinally(signal -> {
                    surveys.stop();
                    questions.stop();
                });
    }

    private Mono<Void> sayGoodbye() {
        byte[] message = new BinaryOutput(64).octet('l').text(nodeId).toBytes();
        return commands.run(
                "Announcing the end of this node over bus",
                "control",
                () -> scripts.redis().publish(partition, keys.controlName(), message),
                receivers -> null);
    }

    @Override
    public Mono<Void> broadcast(ControlCommand command) {
        return Mono.defer(() -> {
            byte[] message = new BinaryOutput(256)
                    .text(nodeId)
                    .bytes(ControlFormat.write(command))
                    .toBytes();
            // On this node it runs immediately, and even if it cannot be sent.
            return Mono.whenDelayError(handler().run(command), log.send(message));
        });
    }

    private final class Commands implements CommandLog.Receiver {

        @Override
        public void received(byte[] message) {
            try {
                BinaryInput input = new BinaryInput(message, 0);
                if (input.text().equals(nodeId)) {
                    return;
                }
                ControlCommand command = ControlFormat.readCommand(input.rest(), 0);
                run(Mono.defer(() -> handler().run(command)));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage(), "control");
            }
        }

        @Override
        public void missed(String reason) {
            logger.warn(
                    "Commands of other nodes to disconnect or unsubscribe clients may be missing: {}. All clients of"
                            + " this node have to connect again, so that no client stays connected that should not.",
                    reason);
            run(Mono.defer(() -> handler().commandsMissed()));
        }

        private void run(Mono<Void> command) {
            command.subscribe(
                    nothing -> {},
                    error -> logger.error("A command of another node failed on this node because of a defect", error));
        }
    }

    @Override
    public Flux<ControlAnswer> survey(ControlQuestion question) {
        return Mono.defer(() -> surveys.ask(NODE_TOPIC, QuestionFormat.write(question)))
                .flatMapIterable(this::read);
    }

    private List<ControlAnswer> read(SurveyAnswers answers) {
        List<ControlAnswer> read = new ArrayList<>();
        answers.replies().forEach((node, answer) -> {
            try {
                read.add(QuestionFormat.readAnswer(answer));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " of node " + node, "control");
            }
        });
        return read;
    }

    @Override
    public Mono<ControlAnswer> ask(String nodeId, ControlQuestion question) {
        return Mono.defer(() -> {
            if (nodeId.equals(this.nodeId)) {
                return handler()
                        .answer(question)
                        .timeout(
                                NodeQuestions.TIMEOUT,
                                Mono.error(() -> NodeQuestions.unanswered(nodeId)),
                                scripts.scheduler());
            }
            return questions
                    .ask(nodeId, QuestionFormat.write(question))
                    .map(QuestionFormat::readAnswer)
                    .onErrorMap(UnreadableException.class, e -> unreadable(nodeId, e));
        });
    }

    private EngineException unreadable(String node, UnreadableException failure) {
        garbage.found(failure.getMessage() + " of node " + node, "control");
        return new EngineException("Node %s sent an answer that this node cannot read.".formatted(node));
    }

    @Override
    public Mono<List<NodeDescription>> nodes() {
        return registry.living().map(nodes -> {
            NodeDescription own = handler().describe();
            nodes.removeIf(node -> node.id().equals(own.id()));
            nodes.add(own);
            return nodes;
        });
    }

    @Override
    public void onMessage(int partition, byte[] name, byte[] message) {
        try {
            if (message.length > 0 && message[0] == 'c') {
                log.onMessage(message);
            } else if (message.length > 0 && message[0] == 'l') {
                String left = new BinaryInput(message, 1).text();
                surveys.left(left);
                questions.left(left);
            } else if (!questions.onMessage(message) && !surveys.onMessage(message)) {
                throw new UnreadableException("a message of another kind");
            }
        } catch (UnreadableException e) {
            garbage.found(e.getMessage(), "control");
        }
    }

    @Override
    public void onResubscribed(int partition, Collection<byte[]> names) {
        log.onInterruption();
    }

    private NodeHandler handler() {
        NodeHandler known = handler;
        if (known == null) {
            throw new IllegalStateException("Control bus not started: call ControlBus.start first");
        }
        return known;
    }
}
