package dev.realtime.handler.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Limits of running and waiting calls: further calls are refused, and a cancelled call frees its slot. */
class BulkheadTests {

    private final Bulkhead bulkhead = new Bulkhead(2, 1);

    private final List<Sinks.One<String>> running = new ArrayList<>();

    private final List<String> results = new ArrayList<>();

    private final List<Throwable> refused = new ArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Disposable call() {
        return bulkhead.run(ended -> {
                    Sinks.One<String> answer = Sinks.one();
                    running.add(answer);
                    return answer.asMono().doFinally(signal -> ended.run());
                })
                .subscribe(results::add, refused::add);
    }

    @Test
    void moreThanTheConcurrencyWait() {
        call();
        call();
        call();
        assertThat(running).hasSize(2);
        assertThat(bulkhead.waiting()).isEqualTo(1);

        running.get(0).tryEmitValue("first");

        assertThat(results).containsExactly("first");
        assertThat(running).hasSize(3);
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void moreThanTheQueueAreRefused() {
        call();
        call();
        call();

        call();

        assertThat(refused).hasSize(1).first().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void callsThatComeWhileOneBeginsAreCountedToo() {
        bulkhead.run(ended -> {
                    // As other threads do before this one has begun what it let in.
                    for (int i = 0; i < 5; i++) {
                        call();
                    }
                    return Mono.never();
                })
                .subscribe();

        assertThat(refused).hasSize(3);
        assertThat(running).hasSize(1);
        assertThat(bulkhead.waiting()).isEqualTo(1);
    }

    @Test
    void callGivenUpWhileItWaitsIsNeverBegun() {
        call();
        call();
        Disposable third = call();

        third.dispose();
        running.get(0).tryEmitValue("first");

        assertThat(running).hasSize(2);
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void reactiveCallGivenUpMakesRoom() {
        Disposable first = call();
        call();
        call();

        first.dispose();

        assertThat(running).hasSize(3);
    }

    @Test
    void callThatFailsMakesRoom() {
        call();
        call();
        call();

        running.get(0).tryEmitError(new IllegalStateException("no"));

        assertThat(refused).hasSize(1);
        assertThat(running).hasSize(3);
    }

    @Test
    void errorOfACallMakesRoomAndLeavesTheOthersBeginning() {
        for (int i = 0; i < 3; i++) {
            bulkhead.<String>run(ended -> {
                        throw new NoClassDefFoundError("of/the/Application");
                    })
                    .subscribe(results::add, refused::add);
        }
        call();

        assertThat(refused).hasSize(3);
        assertThat(running).hasSize(1);
        assertThat(bulkhead.running()).isEqualTo(1);
    }

    @Test
    void subscriberThatFailsLeavesTheOthersBeginning() {
        bulkhead.<String>run(ended -> {
                    throw new NoClassDefFoundError("of/the/Application");
                })
                .subscribe(results::add, failure -> {
                    throw new NoClassDefFoundError("of/the/Subscriber");
                });
        call();

        assertThat(running).hasSize(1);
    }

    @Test
    void longQueueOfCallsThatEndAtOnceDoesNotOverflowTheStack() {
        Bulkhead one = new Bulkhead(1, 100_000);
        Sinks.One<String> first = Sinks.one();
        one.run(ended -> first.asMono().doFinally(signal -> ended.run())).subscribe(results::add);
        for (int i = 0; i < 100_000; i++) {
            one.run(ended -> Mono.just("next").doFinally(signal -> ended.run())).subscribe(results::add);
        }

        first.tryEmitValue("first");

        assertThat(results).hasSize(100_001);
        assertThat(one.running()).isZero();
    }

    @Test
    void blockingCallGivenUpIsInterruptedAndKeepsItsPlaceUntilItsThreadIsBack() throws InterruptedException {
        Bulkhead one = new Bulkhead(1, 1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Disposable first = one.run(ended -> BlockingCall.on(
                        threads,
                        givenUp -> {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            goOn.await();
                            return "never seen";
                        },
                        ended))
                .subscribe();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        first.dispose();
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(one.running()).isEqualTo(1);

        AtomicReference<String> second = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        one.run(ended -> BlockingCall.on(threads, givenUp -> "second", ended)).subscribe(value -> {
            second.set(value);
            done.countDown();
        });
        assertThat(second.get()).isNull();
        goOn.countDown();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get()).isEqualTo("second");
    }

    @Test
    void threadOfACallThatEndedIsNotInterrupted() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        BlockingCall.on(single, givenUp -> "done", () -> {}).block();

        boolean interrupted =
                single.submit(() -> Thread.currentThread().isInterrupted()).get(10, TimeUnit.SECONDS);

        assertThat(interrupted).isFalse();
        single.shutdownNow();
    }
}
