package dev.realtime.engine.redis.script;

import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Runner of single commands that are not scripts, which reports failures as an engine does. */
public final class RedisCommands {

    private final Duration commandTimeout;

    private final RedisStatistics statistics;

    public RedisCommands(Duration commandTimeout, RedisStatistics statistics) {
        this.commandTimeout = commandTimeout;
        this.statistics = statistics;
    }

    /**
     * Runs a command each time the {@code Mono} is subscribed to. Never retried: a repeated publish cannot be
     * distinguished from two publishes.
     *
     * @param what it does, for messages: the beginning of a sentence
     * @param subject what it is done to, for messages
     * @param read makes the result of the reply; {@code null} for an empty {@code Mono}
     */
    public <R, T> Mono<T> run(
            String what, String subject, Supplier<CompletionStage<R>> command, Function<R, @Nullable T> read) {
        return Mono.create(sink -> {
            CompletionStage<R> sent;
            try {
                sent = command.get();
            } catch (RuntimeException e) {
                sink.error(failed(what, subject, e));
                return;
            }
            sent.whenComplete((reply, error) -> {
                if (error != null) {
                    sink.error(failed(what, subject, error));
                    return;
                }
                T result = read.apply(reply);
                if (result == null) {
                    sink.success();
                } else {
                    sink.success(result);
                }
            });
        });
    }

    private RuntimeException failed(String what, String subject, Throwable error) {
        RedisErrorKind failure = RedisErrorKind.of(error);
        statistics.countError(failure.kind());
        return failure.toException(what + " '" + subject + "'", commandTimeout, error);
    }
}
