package dev.realtime.engine.redis.control;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.UnreadableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One question, the replies that have arrived, and the members whose replies are missing. */
final class Survey {

    /** Largest total size of the replies of all nodes. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private final Set<String> missing;

    /** Guarded by itself. */
    private final Map<String, Answer> answers = new LinkedHashMap<>();

    /** Guarded by {@link #answers}. */
    private long bytes;

    private final Sinks.Empty<Void> whole = Sinks.empty();

    Survey(Set<String> members, String own) {
        this.missing = ConcurrentHashMap.newKeySet();
        this.missing.addAll(members);
        this.missing.add(own);
    }

    /** Completes when all have answered or left; fails if the replies are too long. */
    Mono<Void> whole() {
        return whole.asMono();
    }

    void add(String node, int pages, int page, byte[] part) {
        synchronized (answers) {
            if (pages == 0 || bytes + part.length > MOST_BYTES) {
                whole.tryEmitError(tooLong());
                return;
            }
            Answer answer = answers.computeIfAbsent(node, unknown -> new Answer(pages));
            if (page < 0 || page >= answer.parts.length) {
                throw new UnreadableException("a page beyond the end of its reply");
            }
            if (answer.add(page, part)) {
                bytes += part.length;
            }
            if (answer.left > 0) {
                return;
            }
        }
        left(node);
    }

    private static EngineException tooLong() {
        return new EngineException(
                ("The replies of the nodes are too long: a node may reply with %d MB, all together with %d MB. Ask"
                                + " for less, such as channels by a narrower pattern.")
                        .formatted(SurveyMessages.MOST_ANSWER_BYTES >> 20, MOST_BYTES >> 20));
    }

    void left(String node) {
        missing.remove(node);
        if (missing.isEmpty()) {
            whole.tryEmitEmpty();
        }
    }

    /** Returns members that neither answered nor left. */
    Set<String> missing() {
        return Set.copyOf(missing);
    }

    SurveyAnswers answers() {
        synchronized (answers) {
            Map<String, byte[]> complete = new LinkedHashMap<>();
            answers.forEach((node, answer) -> {
                if (answer.left == 0) {
                    complete.put(node, answer.toBytes());
                }
            });
            return new SurveyAnswers(complete, Set.copyOf(missing));
        }
    }

    /** Pages that have arrived of the answer of one node. */
    private static final class Answer {

        private final byte @Nullable [][] parts;

        private int left;

        Answer(int pages) {
            if (pages < 0 || pages > SurveyMessages.MOST_ANSWER_BYTES / SurveyMessages.PAGE_BYTES) {
                throw new UnreadableException("an answer of " + pages + " pages");
            }
            parts = new byte[pages][];
            left = pages;
        }

        /** Returns whether it was not there before. */
        boolean add(int page, byte[] part) {
            if (parts[page] != null) {
                return false;
            }
            parts[page] = part;
            left--;
            return true;
        }

        byte[] toBytes() {
            BinaryOutput whole = new BinaryOutput(parts.length == 1 ? 64 : parts.length * SurveyMessages.PAGE_BYTES);
            for (byte[] part : parts) {
                whole.bytes(Objects.requireNonNull(part));
            }
            return whole.toBytes();
        }
    }
}
