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
 * Questions to all nodes, and their answers. The asking node waits for each member it names, but not for long; a node that does not
 * answer in time is left out, and a node that leaves in good order meanwhile is not waited for. While answers are missing the question
 * is asked again: after a failover, which raises questions, a node may need a moment longer than another to hear. So a node may be
 * asked twice, and must not mind.
 *
 * <pre>
 *   question   'q' topic | id | name to answer under | question
 *   answer     'a' id | node id | answer
 * </pre>
 */
final class Surveys {

    /** How long answers are waited for. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** How long a node that joins waits for those that the registry lists, one of which may have died a moment ago. */
    private static final Duration MEETING = Duration.ofMillis(700);

    /** Topic of the question that makes a node known. */
    private static final int MEETING_TOPIC = 0;

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
        answer(MEETING_TOPIC, this::answerMeeting);
    }

    /**
     * What came of a survey.
     *
     * @param answers by node, also of nodes that were not named as members
     * @param missing members that neither answered nor left
     */
    record Answers(Map<String, byte[]> answers, Set<String> missing) {

        /** Whether every member answered. */
        boolean complete() {
            return missing.isEmpty();
        }
    }

    /** Which node this is. To be called before anything is asked. */
    void start(String nodeId) {
        this.nodeId = nodeId;
    }

    /** Answers questions about a topic, a number below 128, from now on. What it fails with is no answer. */
    void answer(int topic, Function<byte[], Mono<byte[]>> answerer) {
        answerers.put(topic, answerer);
    }

    /** The nodes that this one remembers. */
    Members members() {
        return registry.members();
    }

    /** Asks every node that lives, this one included. Fails if the registry cannot be read or the question cannot be sent. */
    Mono<Answers> ask(int topic, byte[] question) {
        return registry.read()
                .then(Mono.defer(() -> ask(topic, question, members().present())));
    }

    /**
     * Asks all nodes, and waits for the answers of these members and of this node. Reads nothing first. Fails if the question cannot
     * be sent.
     */
    Mono<Answers> ask(int topic, byte[] question, Set<String> members) {
        return ask(topic, question, members, TIMEOUT);
    }

    private Mono<Answers> ask(int topic, byte[] question, Set<String> members, Duration timeout) {
        return Mono.defer(() -> {
            long id = nextId.incrementAndGet();
            Survey survey = new Survey(members, nodeId);
            underWay.put(id, survey);
            return ask(id, topic, question, survey, timeout).doFinally(signal -> underWay.remove(id));
        });
    }

    private Mono<Answers> ask(long id, int topic, byte[] question, Survey survey, Duration timeout) {
        byte[] message = new BinaryOutput(64 + question.length)
                .octet('q')
                .octet(topic)
                .number(id)
                .block(parts.keys().nodeName(nodeId))
                .bytes(question)
                .toBytes();
        return send(message)
                .then(Mono.firstWithSignal(survey.whole.asMono(), again(message).then(Mono.never())))
                .timeout(timeout, Mono.empty(), parts.scripts().scheduler())
                .then(Mono.fromSupplier(survey::answers));
    }

    /** Makes this node known to all others, and the others to this one. Never fails, and does not wait long for those that are silent. */
    Mono<Void> meet() {
        return Mono.defer(() -> {
            byte[] question = new BinaryOutput(64).text(nodeId).toBytes();
            return ask(MEETING_TOPIC, question, members().present(), MEETING)
                    .doOnNext(this::met)
                    .onErrorResume(error -> {
                        logger.debug("This node did not meet all others: {}", error.toString());
                        return Mono.empty();
                    })
                    .then();
        });
    }

    private void met(Answers answers) {
        answers.answers().values().forEach(answer -> {
            BinaryInput input = new BinaryInput(answer, 0);
            for (int left = input.count(); left > 0; left--) {
                members().heard(input.text());
            }
        });
    }

    private Mono<byte[]> answerMeeting(byte[] question) {
        return Mono.fromSupplier(() -> {
            members().heard(new BinaryInput(question, 0).text());
            Set<String> present = members().present();
            BinaryOutput answer = new BinaryOutput(64 * present.size()).number(present.size());
            present.forEach(answer::text);
            return answer.toBytes();
        });
    }

    /** A node leaves in good order: nothing more is to be expected of it. */
    void left(String node) {
        members().left(node);
        underWay.values().forEach(survey -> survey.left(node));
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
            members().heard(from);
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

    /** One question and the members that have not answered it. */
    private static final class Survey {

        private final Set<String> missing;

        /** Guarded by itself. */
        private final Map<String, byte[]> answers = new LinkedHashMap<>();

        private final Sinks.Empty<Void> whole = Sinks.empty();

        Survey(Set<String> members, String own) {
            this.missing = ConcurrentHashMap.newKeySet();
            this.missing.addAll(members);
            this.missing.add(own);
        }

        void add(String node, byte[] answer) {
            synchronized (answers) {
                answers.putIfAbsent(node, answer);
            }
            left(node);
        }

        void left(String node) {
            missing.remove(node);
            if (missing.isEmpty()) {
                whole.tryEmitEmpty();
            }
        }

        Answers answers() {
            synchronized (answers) {
                return new Answers(Map.copyOf(answers), Set.copyOf(missing));
            }
        }
    }
}
