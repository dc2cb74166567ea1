package dev.realtime.engine.redis.control;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Questions to one node, and the replies. A question is published under the name of the node that it is for, so that
 * no other node receives it, and the reply under the name of the node that asked. Unlike those of {@link Surveys},
 * questions may have effects: each is sent once, and one that is lost has no answer.
 *
 * <p>Order: questions to one node leave on one connection, in the order in which they were asked, and one thread of the
 * receiving node takes them in that order. The thread is not the one that brings them, which brings publications too.
 *
 * <p>Bounds: the questions that wait for an answer, and the messages that wait for the thread, are bounded in bytes. A
 * question beyond the first bound fails, a message beyond the second is dropped, so that its question times out.
 *
 * <pre>
 *   question   'd' id | name to answer under | question
 *   answer     'r' id | answer
 * </pre>
 */
final class NodeQuestions {

    /** Longest wait for an answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Most bytes of questions that wait for an answer, and of messages that wait to be processed. */
    static final long MOST_WAITING_BYTES = 16 * 1024 * 1024;

    private static final char QUESTION = 'd';

    private static final char ANSWER = 'r';

    /** Memory of a question beside its bytes, roughly. */
    private static final int OVERHEAD = 512;

    private static final int MOST_WAITING = 100_000;

    private static final Logger logger = LoggerFactory.getLogger(NodeQuestions.class);

    private final RedisKeys keys;

    private final RedisCommands commands;

    private final PartitionCommands redis;

    private final int partition;

    private final NodeRegistry registry;

    private final Scheduler timers;

    /** One thread, which processes messages of other nodes in order. */
    private final Scheduler worker;

    /** Returns the answer of this node to a question. */
    private final Function<byte[], Mono<byte[]>> answerer;

    private final Map<Long, Question> inProgress = new ConcurrentHashMap<>();

    /** Not guessable, so that a late answer to a node's former self meets nothing. */
    private final AtomicLong nextId = new AtomicLong(new SecureRandom().nextLong());

    private final AtomicLong askedBytes = new AtomicLong();

    private final AtomicLong receivedBytes = new AtomicLong();

    private volatile byte[] ownName = {};

    /** A question that waits for the answer of a node. */
    private record Question(String node, Sinks.One<byte[]> answer) {}

    /** @param answerer returns the answer of this node to a question, which is dropped if that fails */
    NodeQuestions(
            RedisKeys keys,
            RedisScripts scripts,
            RedisCommands commands,
            int partition,
            NodeRegistry registry,
            Function<byte[], Mono<byte[]>> answerer) {
        this(
                keys,
                scripts,
                commands,
                partition,
                registry,
                answerer,
                Schedulers.newBoundedElastic(1, MOST_WAITING, "realtime-redis-questions", 60, true));
    }

    /** @param worker processes messages of other nodes in order; it ends with this */
    NodeQuestions(
            RedisKeys keys,
            RedisScripts scripts,
            RedisCommands commands,
            int partition,
            NodeRegistry registry,
            Function<byte[], Mono<byte[]>> answerer,
            Scheduler worker) {
        this.keys = keys;
        this.commands = commands;
        this.redis = scripts.redis();
        this.timers = scripts.scheduler();
        this.partition = partition;
        this.registry = registry;
        this.answerer = answerer;
        this.worker = worker;
    }

    /** Sets which node this is. Called before anything is asked. */
    void start(String nodeId) {
        ownName = keys.nodeName(nodeId);
    }

    /** Stops replying and asking. */
    void stop() {
        worker.dispose();
    }

    /** Asks a node; the result is empty if no such node is known to live. */
    Mono<byte[]> ask(String node, byte[] question) {
        return Mono.defer(() -> registry.members().isPresent(node)
                ? send(node, question)
                : registry.readLately()
                        .then(Mono.defer(
                                () -> registry.members().isPresent(node) ? send(node, question) : Mono.empty())));
    }

    private Mono<byte[]> send(String node, byte[] question) {
        int size = question.length + OVERHEAD;
        if (askedBytes.addAndGet(size) > MOST_WAITING_BYTES) {
            askedBytes.addAndGet(-size);
            return Mono.error(new EngineException(
                    "A question was not sent to node %s: questions of %d MB wait for replies already. Try again."
                            .formatted(node, MOST_WAITING_BYTES >> 20)));
        }
        long id = nextId.incrementAndGet();
        Question asked = new Question(node, Sinks.one());
        inProgress.put(id, asked);
        byte[] message = new BinaryOutput(64 + question.length)
                .octet(QUESTION)
                .number(id)
                .block(ownName)
                .bytes(question)
                .toBytes();
        return publish(keys.nodeName(node), message)
                .then(asked.answer.asMono())
                .timeout(TIMEOUT, Mono.error(() -> unanswered(node)), timers)
                .doFinally(signal -> {
                    inProgress.remove(id);
                    askedBytes.addAndGet(-size);
                });
    }

    /** Returns the failure of a question to a node that is silent. */
    static EngineException unanswered(String node) {
        return new EngineException(("Node %s did not reply to a question within %d ms: it may have ended, or its"
                        + " connection to Redis may be interrupted. Try again.")
                .formatted(node, TIMEOUT.toMillis()));
    }

    private Mono<Void> publish(byte[] name, byte[] message) {
        return commands.run(
                "Writing to another node, over bus",
                "control",
                () -> redis.publish(partition, name, message),
                receivers -> null);
    }

    /** Waits no longer for a node that leaves in good order. */
    void left(String node) {
        inProgress.values().stream()
                .filter(question -> question.node.equals(node))
                .forEach(question -> question.answer.tryEmitEmpty());
    }

    /** A question or an answer arrived; {@code false} if it is neither. */
    boolean onMessage(byte[] message) {
        if (message.length == 0 || (message[0] != QUESTION && message[0] != ANSWER)) {
            return false;
        }
        BinaryInput input = new BinaryInput(message, 1);
        long id = input.number();
        if (message[0] == ANSWER) {
            Question asked = inProgress.get(id);
            if (asked != null) {
                byte[] answer = input.rest();
                later(answer.length, () -> asked.answer.tryEmitValue(answer));
            }
        } else {
            byte[] name = input.block();
            byte[] question = input.rest();
            later(question.length, () -> reply(id, name, question));
        }
        return true;
    }

    private void later(int length, Runnable task) {
        int size = length + OVERHEAD;
        if (receivedBytes.addAndGet(size) > MOST_WAITING_BYTES) {
            receivedBytes.addAndGet(-size);
            logger.debug("A message of another node was dropped: {} bytes of others wait", MOST_WAITING_BYTES);
            return;
        }
        try {
            worker.schedule(() -> {
                receivedBytes.addAndGet(-size);
                task.run();
            });
        } catch (RejectedExecutionException e) {
            receivedBytes.addAndGet(-size);
            logger.debug("A message of another node was dropped: {}", e.toString());
        }
    }

    private void reply(long id, byte[] name, byte[] question) {
        Mono.defer(() -> answerer.apply(question))
                // The asking node waits no longer than that.
                .timeout(TIMEOUT, timers)
                .flatMap(answer -> publish(
                        name,
                        new BinaryOutput(16 + answer.length)
                                .octet(ANSWER)
                                .number(id)
                                .bytes(answer)
                                .toBytes()))
                .subscribe(
                        nothing -> {},
                        error -> logger.debug("Could not reply to a question of another node: {}", error.toString()));
    }
}
