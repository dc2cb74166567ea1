package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Callbacks that keep their event loop waiting are named, others are not. */
class CallbackWatchTests {

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private final Logger logger = (Logger) LoggerFactory.getLogger(CallbackWatch.class);

    private final DefaultEventExecutor loop = new DefaultEventExecutor();

    private final AtomicLong nanos = new AtomicLong();

    private final CallbackWatch watch = new CallbackWatch(nanos::get);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private record Callback(String name) {}

    private record OtherCallback(String name) {}

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private <T> void ask(Object callback, Supplier<Mono<T>> question) {
        loop.submit(() -> watch.watch(callback, question).subscribe()).syncUninterruptibly();
    }

    @Test
    void callbackThatBlocksIsNamedOnce() {
        for (int i = 0; i < 3; i++) {
            ask(new Callback("a"), () -> {
                pass(Duration.ofMillis(300));
                return Mono.just(1);
            });
        }
        ask(new OtherCallback("b"), () -> Mono.fromRunnable(() -> pass(Duration.ofMillis(400))));

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).contains(Callback.class.getName(), "300 ms", "event loop"),
                        second -> assertThat(second).contains(OtherCallback.class.getName(), "400 ms"));
    }

    @Test
    void callbackThatTakesItsTimeElsewhereIsNotNamed() {
        Sinks.One<Integer> answer = Sinks.one();
        ask(new Callback("late"), answer::asMono);
        pass(Duration.ofSeconds(1));
        loop.submit(() -> answer.tryEmitValue(1)).syncUninterruptibly();

        assertThat(log.list).isEmpty();
    }

    @Test
    void whatFollowsAnAnswerIsNoFaultOfTheCallback() {
        loop.submit(() -> watch.watch(new Callback("a"), () -> Mono.just(1))
                        .subscribe(answer -> pass(Duration.ofSeconds(1))))
                .syncUninterruptibly();

        assertThat(log.list).isEmpty();
    }

    @Test
    void threadsThatMayBlockAreNotWatched() {
        watch.watch(new Callback("a"), () -> Mono.fromRunnable(() -> pass(Duration.ofSeconds(1))))
                .block();

        assertThat(log.list).isEmpty();
    }
}
