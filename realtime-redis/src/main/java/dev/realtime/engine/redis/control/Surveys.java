package dev.realtime.engine.redis.control;

import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import java.security.SecureRandom;
import java.time.Duration;
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
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Questions to all nodes, and their replies. The asking node waits a limited time for each member it names; a node that
 * does not reply in time is left out, and a node that leaves in good order meanwhile is not waited for. While replies
 * are missing, the nodes that have not replied are asked again: after a failover, which causes questions, some nodes
 * receive them later than others. So a node may be asked twice, and replies must not have side effects.
 *
 * <p>Replies are computed on separate threads, since what brings the question also brings publications. A long answer
 * is sent in pages, one after another, so that Redis does not have to hold all of it for the asking node, whose
 * connection it would close. What is longer than can be sent, or than the asking node can hold, fails the survey.
 */
public final class Surveys {

    /** Longest wait for replies. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Longest wait of a joining node for the nodes in the registry, one of which may have died a moment ago. */
    private static final Duration MEETING = Duration.ofMillis(700);

    /** Topic of the question that makes a node known. */
    private static final int MEETING_TOPIC = 0;

    /** When a question is asked again that not all have answered, after the first time. */
    private static final List<Duration> AGAIN =
            List.of(Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(900), Duration.ofMillis(1800));

    private static final int THREADS = 2;

    private static final int MOST_WAITING = 10_000;

    private static final Logger logger = LoggerFactory.getLogger(Surveys.class);

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final RedisCommands commands;

    private final PartitionCommands redis;

    private final int partition;

    private final NodeRegistry registry;

    /** Topic to the function that replies to questions about it on this node. */
    private final Map<Integer, Function<byte[], Mono<byte[]>>> answerers = new ConcurrentHashMap<>();

    /** Surveys in progress, each of which ends by itself. */
    private final Map<Long, Survey> inProgress = new ConcurrentHashMap<>();

    /** Questions that this node is answering, so that one that is asked again is not answered twice at a time. */
    private final Set<Long> answering = ConcurrentHashMap.newKeySet();

    /** Computes replies, and processes those of other nodes. */
    private final Scheduler workers;

    /** Not guessable, so that a late answer to a node's former self meets nothing. */
    private final AtomicLong nextId = new AtomicLong(new SecureRandom().nextLong());

    private volatile String nodeId = "";

    public Surveys(RedisKeys keys, RedisScripts scripts, RedisCommands commands, int partition, NodeRegistry registry) {
        this(
                keys,
                scripts,
                commands,
                partition,
                registry,
                Schedulers.newBoundedElastic(THREADS, MOST_WAITING, "realtime-redis-surveys", 60, true));
    }

    /** @param workers compute replies, and process those of other nodes; they end with the surveys */
    public Surveys(
            RedisKeys keys,
            RedisScripts scripts,
            RedisCommands commands,
            int partition,
            NodeRegistry registry,
            Scheduler workers) {
        this.keys = keys;
        this.scripts = scripts;
        this.commands = commands;
        this.redis = scripts.redis();
        this.workers = workers;
        this.partition = partition;
        this.registry = registry;
        answer(MEETING_TOPIC, this::answerMeeting);
    }

    /** Which node this is. To be called before anything is asked. */
    public void start(String nodeId) {
        this.nodeId = nodeId;
    }

    /** Stops replying and asking. */
    void stop() {
        workers.dispose();
    }

    /** Replies to questions about a topic, a number below 128, from now on. If the function fails, no reply is sent. */
    public void answer(int topic, Function<byte[], Mono<byte[]>> answerer) {
        answerers.put(topic, answerer);
    }

    /** Returns the nodes that this one remembers. */
    public Members members() {
        return registry.members();
    }

    /**
     * Asks every node that lives, this one included. Fails if the registry cannot be read or the question cannot be
     * sent.
     */
    public Mono<SurveyAnswers> ask(int topic, byte[] question) {
        return registry.read()
                .then(Mono.defer(() -> ask(topic, question, members().present())));
    }

    /**
     * Asks all nodes, and waits for the replies of these members and of this node. Reads nothing first. Fails if the
     * question cannot be sent.
     */
    public Mono<SurveyAnswers> ask(int topic, byte[] question, Set<String> members) {
        return ask(topic, question, members, TIMEOUT);
    }

    private Mono<SurveyAnswers> ask(int topic, byte[] question, Set<String> members, Duration timeout) {
        return Mono.defer(() -> {
            long id = nextId.incrementAndGet();
            Survey survey = new Survey(members, nodeId);
            inProgress.put(id, survey);
            return ask(id, topic, question, survey, timeout).doFinally(signal -> inProgress.remove(id));
        });
    }

    private Mono<SurveyAnswers> ask(long id, int topic, byte[] question, Survey survey, Duration timeout) {
        byte[] message = SurveyMessages.question(topic, id, keys.nodeName(nodeId), question);
        return send(message)
                .then(Mono.firstWithSignal(
                        survey.whole(), again(message, survey).then(Mono.never())))
                .timeout(timeout, Mono.empty(), scripts.scheduler())
                .publishOn(workers)
                .then(Mono.fromSupplier(survey::answers));
    }

    /**
     * Makes this node known to all others, and the others to this one. Never fails, and does not wait long for those
     * that are silent.
     */
    Mono<Void> meet() {
        return Mono.defer(() -> {
            byte[] question = new BinaryOutput(64).text(nodeId).toBytes();
            return ask(MEETING_TOPIC, question, members().present(), MEETING)
                    .doOnNext(this::met)
                    .onErrorResume(error -> {
                        logger.debug("This node has not exchanged messages with all others yet: {}", error.toString());
                        return Mono.empty();
                    })
                    .then();
        });
    }

    private void met(SurveyAnswers answers) {
        answers.replies().values().forEach(answer -> {
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

    /** Waits no longer for a node that leaves in good order. */
    void left(String node) {
        members().left(node);
        inProgress.values().forEach(survey -> survey.left(node));
    }

    private Mono<Void> send(byte[] message) {
        return commands.run(
                "Asking all nodes, over bus",
                "control",
                () -> redis.publish(partition, keys.controlName(), message),
                receivers -> null);
    }

    private Flux<Void> again(byte[] message, Survey survey) {
        return Flux.fromIterable(AGAIN)
                .flatMap(delay -> Mono.delay(delay, scripts.scheduler())
                        .thenMany(Flux.defer(() -> Flux.fromIterable(survey.missing())))
                        .flatMap(node -> send(keys.nodeName(node), message).onErrorResume(error -> {
                            logger.debug("Could not resend a question to {}: {}", node, error.toString());
                            return Mono.empty();
                        })));
    }

    /** A question or an answer arrived; {@code false} if it is neither. */
    public boolean onMessage(byte[] message) {
        if (message.length == 0 || (message[0] != SurveyMessages.QUESTION && message[0] != SurveyMessages.ANSWER)) {
            return false;
        }
        BinaryInput input = new BinaryInput(message, 1);
        if (message[0] == SurveyMessages.QUESTION) {
            reply(input.octet(), input.number(), input.block(), input.rest());
        } else {
            Survey survey = inProgress.get(input.number());
            String from = input.text();
            members().heard(from);
            if (survey != null) {
                survey.add(from, (int) input.number(), (int) input.number(), input.rest());
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
        if (!answering.add(id)) {
            return;
        }
        Mono.defer(() -> answerer.apply(question))
                .subscribeOn(workers)
                // The asking node waits no longer than that.
                .timeout(TIMEOUT, scripts.scheduler())
                .flatMapIterable(answer -> SurveyMessages.answer(id, nodeId, answer))
                .concatMap(page -> send(name, page), 1)
                .doFinally(signal -> answering.remove(id))
                .subscribe(
                        nothing -> {},
                        error -> logger.debug("Could not reply to a question of another node: {}", error.toString()));
    }

    /** Sends a message to one node. */
    private Mono<Void> send(byte[] name, byte[] message) {
        return commands.run(
                "Writing to another node, over bus",
                "control",
                () -> redis.publish(partition, name, message),
                receivers -> null);
    }
}
