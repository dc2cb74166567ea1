package dev.realtime.handler.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

/** A call leaves its place in the bulkhead once, also where the executor of the application fails. */
class BlockingCallTests {

    private final Bulkhead one = new Bulkhead(1, 1);

    private final List<String> results = new ArrayList<>();

    private final List<Throwable> failures = new ArrayList<>();

    private final List<Runnable> tasks = new ArrayList<>();

    private Disposable call(Executor executor) {
        return one.run(ended -> BlockingCall.on(executor, givenUp -> "done", ended))
                .subscribe(results::add, failures::add);
    }

    static Stream<Throwable> thrown() {
        return Stream.of(
                new RejectedExecutionException("shut down"),
                new IllegalStateException("the decorator fails"),
                new NoClassDefFoundError("of/the/Decorator"),
                new InternalError("unable to create a thread"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void executorThatThrowsFailsTheCallAndNoLaterOne(Throwable thrown) {
        call(task -> BlockingCallTests.<RuntimeException>sneak(thrown));

        assertThat(failures).containsExactly(thrown);
        assertThat(one.running()).isZero();

        call(Runnable::run);
        assertThat(results).containsExactly("done");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void callThatTheDecoratorNeverBeginsLeavesWhenItIsGivenUp() {
        Disposable lost = call(task -> {});
        assertThat(one.running()).isEqualTo(1);

        lost.dispose();

        assertThat(one.running()).isZero();
    }

    @Test
    void callGivenUpBeforeItsThreadComesKeepsNoPlaceOfAnother() {
        Disposable late = call(tasks::add);
        late.dispose();
        call(task -> {});
        assertThat(one.running()).isEqualTo(1);

        tasks.get(0).run();

        assertThat(one.running()).isEqualTo(1);
        assertThat(results).isEmpty();
    }

    @Test
    void callGivenUpBeforeItsThreadComesEndsOnce() {
        List<String> ends = new ArrayList<>();
        Disposable late = BlockingCall.on(tasks::add, givenUp -> "done", () -> ends.add("end"))
                .subscribe();

        late.dispose();
        tasks.get(0).run();

        assertThat(ends).containsExactly("end");
    }

    @Test
    void resultThatCannotBeTakenEndsTheCall() {
        List<String> ends = new ArrayList<>();

        try {
            BlockingCall.on(Runnable::run, givenUp -> "done", () -> ends.add("end"))
                    .subscribe(value -> {
                        throw new NoClassDefFoundError("of/the/Subscriber");
                    });
        } catch (Throwable fatal) {
            // Reactor throws it to the caller.
        }

        assertThat(ends).containsExactly("end");
    }
}
