package dev.realtime.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.EngineException;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class BlockingCallsTests {

    private final BlockingCalls calls = new BlockingCalls(Duration.ofSeconds(20));

    @Test
    void valueIsReturned() {
        Integer value = calls.await("publish", Mono.just(7).publishOn(Schedulers.boundedElastic()));
        Object nothing = calls.await("subscribe", Mono.empty());

        assertThat(value).isEqualTo(7);
        assertThat(nothing).isNull();
    }

    @Test
    void callBeginsOnTheThreadThatWaits() {
        Thread[] began = new Thread[1];

        calls.await("publishAfterCommit", Mono.fromRunnable(() -> began[0] = Thread.currentThread()));

        assertThat(began[0]).isSameAs(Thread.currentThread());
    }

    @Test
    void failureIsThrownWithTheStackOfTheCaller() {
        EngineException failure = new EngineException("The engine is gone.");

        assertThatThrownBy(() -> calls.await("publish", Mono.error(failure)))
                .isSameAs(failure)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()[0].getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("await")));
    }

    @Test
    void errorIsThrownAsItIs() {
        assertThatThrownBy(() -> calls.await("publish", Mono.error(new StackOverflowError())))
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void lateCallIsCancelledAndATemporaryError() {
        AtomicBoolean cancelled = new AtomicBoolean();
        BlockingCalls hasty = new BlockingCalls(Duration.ofMillis(1));

        assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> hasty.await("publish", Mono.never().doOnCancel(() -> cancelled.set(true))))
                .withMessageContaining("`RealtimeTemplate.publish` did not complete within 1 ms")
                .withMessageContaining("`realtime.template.timeout`")
                .satisfies(late -> assertThat(late.error()).isEqualTo(ClientError.INTERNAL));
        assertThat(cancelled).isTrue();
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> calls.await("publish", Mono.never()));

        // Clears the status, for the tests that follow in this thread.
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(RealtimeException.class).hasMessageContaining("was interrupted");
    }

    @Test
    void eventLoopsAreRefusedBeforeAnythingIsDone() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Runnable call = () -> calls.await("publish", Mono.fromRunnable(() -> done.set(true)));
        FutureTask<Void> onEventLoop = new FutureTask<>(call, null);
        Thread thread = new FastThreadLocalThread(onEventLoop, "loop-1");
        thread.start();
        thread.join();

        assertThatThrownBy(onEventLoop::get)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("`RealtimeTemplate.publish` was called on the thread `loop-1`");
        assertThatThrownBy(() -> Mono.fromRunnable(call)
                        .subscribeOn(Schedulers.parallel())
                        .toFuture()
                        .join())
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("parallel-");
        assertThat(done).isFalse();
    }
}
