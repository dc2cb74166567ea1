package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.retry.Retry;

/**
 * Asks all nodes how far they had seen epochs that ended, and answers for this one. After a failover all channels are asked for at
 * about the same time, so those of a moment share one question.
 *
 * <pre>
 *   question   number of channels | each: hash | name | number of epochs | each: epoch | boundary
 *   answer     each epoch in the same order: whether it is known | offset
 * </pre>
 *
 * <p>May be used by any thread. Lock: the monitor of {@link #waiting}; nobody is called under it.
 */
final class BoundaryQuestions {

    /** Topic of these questions. */
    static final int TOPIC = 2;

    /** Noted where a node that lives cannot know any more: as good as lost. As in open-stream.lua. */
    private static final long BEYOND = (1L << 53) - 1;

    /** Channels that share one question at most. */
    private static final int BATCH = 200;

    /** The others of the same failover come within this moment. */
    private static final long MOMENT_MILLIS = 10;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(300);

    private static final int RETRIES = 5;

    private final RedisParts parts;

    private final Surveys surveys;

    private final Function<Name, @Nullable ChannelFeed> feeds;

    /** Guarded by itself. */
    private final List<Question> waiting = new ArrayList<>();

    BoundaryQuestions(RedisParts parts, Surveys surveys, Function<Name, @Nullable ChannelFeed> feeds) {
        this.parts = parts;
        this.surveys = surveys;
        this.feeds = feeds;
        surveys.answer(TOPIC, this::answer);
    }

    /** One channel, and who wants to know. */
    private record Question(RedisKeys.ChannelKeys keys, List<PastEpoch> epochs, MonoSink<Map<String, Long>> sink) {}

    /**
     * Epoch to the highest offset that any node saw; empty if a node that lives did not answer. Fails with an
     * {@link EngineException} if nobody could be asked.
     */
    Mono<Map<String, Long>> ask(RedisKeys.ChannelKeys keys, List<PastEpoch> epochs) {
        return Mono.create(sink -> {
            boolean first;
            synchronized (waiting) {
                first = waiting.isEmpty();
                waiting.add(new Question(keys, epochs, sink));
            }
            if (first) {
                try {
                    parts.scripts().scheduler().schedule(this::askAll, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException stopped) {
                    sink.error(new EngineException("The engine was stopped", stopped));
                }
            }
        });
    }

    private void askAll() {
        List<Question> all;
        synchronized (waiting) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        for (int from = 0; from < all.size(); from += BATCH) {
            ask(all.subList(from, Math.min(all.size(), from + BATCH)));
        }
    }

    private void ask(List<Question> batch) {
        BinaryOutput message = new BinaryOutput(64 * batch.size()).number(batch.size());
        for (Question question : batch) {
            message.number(question.keys().hash()).block(question.keys().name());
            message.number(question.epochs().size());
            question.epochs().forEach(epoch -> message.text(epoch.epoch()).number(epoch.boundary()));
        }
        // Right after a failover the control bus may still be on its way to the new primary.
        surveys.ask(TOPIC, message.toBytes())
                .retryWhen(Retry.fixedDelay(RETRIES, RETRY_PAUSE)
                        .scheduler(parts.scripts().scheduler())
                        .filter(EngineException.class::isInstance)
                        .onRetryExhaustedThrow((retries, last) -> last.failure()))
                .subscribe(
                        answers -> settle(batch, answers),
                        error -> batch.forEach(question -> question.sink().error(error)));
    }

    private static void settle(List<Question> batch, Surveys.Answers answers) {
        List<BinaryInput> inputs = answers.answers().values().stream()
                .map(answer -> new BinaryInput(answer, 0))
                .toList();
        for (Question question : batch) {
            Map<String, Long> highest = new LinkedHashMap<>();
            for (PastEpoch epoch : question.epochs()) {
                for (BinaryInput input : inputs) {
                    highest.merge(epoch.epoch(), input.truth() ? input.number() : BEYOND, Math::max);
                }
            }
            question.sink().success(answers.complete() ? highest : Map.of());
        }
    }

    /** A node asks. */
    private Mono<byte[]> answer(byte[] message) {
        BinaryInput input = new BinaryInput(message, 0);
        BinaryOutput answer = new BinaryOutput(message.length);
        return Flux.range(0, input.count())
                .concatMap(unused -> answer(input, answer))
                .then(Mono.fromSupplier(answer::toBytes));
    }

    private Mono<Void> answer(BinaryInput input, BinaryOutput answer) {
        long channel = input.number();
        Name name = new Name(input.block());
        Map<String, Long> epochs = new LinkedHashMap<>();
        for (int left = input.count(); left > 0; left--) {
            epochs.put(input.text(), input.number());
        }
        ChannelFeed feed = feeds.apply(name);
        Mono<Void> sealed =
                feed == null ? Mono.empty() : Mono.create(sink -> feed.seal(epochs.keySet(), sink::success));
        return sealed.then(Mono.fromRunnable(() -> answer(channel, epochs, answer)));
    }

    private void answer(long channel, Map<String, Long> epochs, BinaryOutput answer) {
        epochs.forEach((epoch, boundary) -> {
            long offset = parts.seen().end(channel, epoch, boundary);
            answer.truth(offset != SeenOffsets.UNKNOWN);
            if (offset != SeenOffsets.UNKNOWN) {
                answer.number(offset);
            }
        });
    }
}
