package dev.realtime.engine.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Questions to all nodes that live, and their answers. Who asks waits for each of them, but not for long; a node that does not
 * answer in time is left out. While answers are missing the question is asked again: after a failover, which raises questions,
 * a node may need a moment longer than another to hear. So a node may be asked twice, and must not mind.
 *
 * <pre>
 *   question   'q' topic | id | name to answer under | question
 *   answer     'a' id | node id | answer
 * </pre>
 */
final class Surveys {

    /** How long answers are waited for. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** When a question is asked again that not all have answered, after the first time. */
    private static final List<Duration> AGAIN =
            List.of(Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(900), Duration.ofMillis(1800));

    private static final Logger logger = LoggerFactory.getLogger(Surveys.class);

    private final RedisParts parts;

    private final int partition;

    private final NodeRegistry registry;

    /** Topic to who answers questions about it on this node. */
    private final Map<Integer, Function<byte[], Mono<byte[]>>> answerers = new ConcurrentHashMap<>();

    /** Surveys under way, each of which ends by itself. */
    private final Map<Long, Survey> underWay = new ConcurrentHashMap<>();

    /** Not guessable, so that a late answer to a node's former self meets nothing. */
    private final AtomicLong nextId = new AtomicLong(new SecureRandom().nextLong());

    private volatile String nodeId = "";

    Surveys(RedisParts parts, int partition, NodeRegistry registry) {
        this.parts = parts;
        this.partition = partition;
        this.registry = registry;
    }

    /**
     * What came of a survey.
     *
     * @param answers by node
     * @param complete whether every node that lives answered
     */
    record Answers(Map<String, byte[]> answers, boolean complete) {}

    /** Which node this is. To be called before anything is asked. */
    void start(String nodeId) {
        this.nodeId = nodeId;
    }

    /** Answers questions about a topic, a number below 128, from now on. What it fails with is no answer. */
    void answer(int topic, Function<byte[], Mono<byte[]>> answerer) {
        answerers.put(topic, answerer);
    }

    /** Asks every node that lives, this one included. Fails if the question cannot be sent. */
    Mono<Answers> ask(int topic, byte[] question) {
        return registry.living().flatMap(nodes -> ask(topic, question, nodes.keySet()));
    }

    private Mono<Answers> ask(int topic, byte[] question, Set<String> living) {
        long id = nextId.incrementAndGet();
        Survey survey = new Survey(living, nodeId);
        underWay.put(id, survey);
        byte[] message = new BinaryOutput(64 + question.length)
                .octet('q')
                .octet(topic)
                .number(id)
                .block(parts.keys().nodeName(nodeId))
                .bytes(question)
                .toBytes();
        return send(message)
                .then(Mono.firstWithSignal(survey.whole.asMono(), again(message).then(Mono.never())))
                .then(Mono.fromSupplier(() -> survey.answers(true)))
                .timeout(
                        TIMEOUT,
                        Mono.fromSupplier(() -> survey.answers(false)),
                        parts.scripts().scheduler())
                .doFinally(signal -> underWay.remove(id));
    }

    private Mono<Void> send(byte[] message) {
        return parts.commands()
                .run(
                        "Asking all nodes, over bus",
                        "control",
                        () -> parts.link().publish(partition, parts.keys().controlName(), message),
                        receivers -> null);
    }

    private Flux<Void> again(byte[] message) {
        return Flux.fromIterable(AGAIN)
                .flatMap(delay -> Mono.delay(delay, parts.scripts().scheduler())
                        .then(Mono.defer(() -> send(message)))
                        .onErrorResume(error -> {
                            logger.debug("A question was not sent again: {}", error.toString());
                            return Mono.empty();
                        }));
    }

    /** A question or an answer arrived; {@code false} if it is neither. */
    boolean onMessage(byte[] message) {
        if (message.length == 0 || (message[0] != 'q' && message[0] != 'a')) {
            return false;
        }
        BinaryInput input = new BinaryInput(message, 1);
        if (message[0] == 'q') {
            reply(input.octet(), input.number(), input.block(), input.rest());
        } else {
            Survey survey = underWay.get(input.number());
            String from = input.text();
            if (survey != null) {
                survey.add(from, input.rest());
            }
        }
        return true;
    }

    private void reply(int topic, long id, byte[] name, byte[] question) {
        Function<byte[], Mono<byte[]>> answerer = answerers.get(topic);
        if (answerer == null) {
            // A newer node asks something that this one does not know.
            return;
        }
        Mono.defer(() -> answerer.apply(question))
                .map(answer -> new BinaryOutput(64 + answer.length)
                        .octet('a')
                        .number(id)
                        .text(nodeId)
                        .bytes(answer)
                        .toBytes())
                .flatMap(message -> parts.commands()
                        .run(
                                "Answering another node, over bus",
                                "control",
                                () -> parts.link().publish(partition, name, message),
                                receivers -> null))
                .subscribe(
                        nothing -> {},
                        error -> logger.debug("A question of another node was not answered: {}", error.toString()));
    }

    /** One question and who has not answered it. */
    private static final class Survey {

        private final Set<String> missing;

        /** Guarded by itself. */
        private final Map<String, byte[]> answers = new LinkedHashMap<>();

        private final Sinks.Empty<Void> whole = Sinks.empty();

        Survey(Set<String> living, String own) {
            this.missing = ConcurrentHashMap.newKeySet();
            this.missing.addAll(living);
            this.missing.add(own);
        }

        void add(String node, byte[] answer) {
            synchronized (answers) {
                answers.putIfAbsent(node, answer);
            }
            missing.remove(node);
            if (missing.isEmpty()) {
                whole.tryEmitEmpty();
            }
        }

        Answers answers(boolean complete) {
            synchronized (answers) {
                return new Answers(Map.copyOf(answers), complete);
            }
        }
    }
}
