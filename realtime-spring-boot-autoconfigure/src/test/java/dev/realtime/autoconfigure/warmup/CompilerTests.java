package dev.realtime.autoconfigure.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the compiler counts as done. */
class CompilerTests {

    private long nanos;

    private long compiledMillis;

    private final Compiler compiler = new Compiler(() -> compiledMillis, () -> nanos);

    @Test
    void isNotDoneBeforeAWindowIsComplete() {
        pass(Compiler.WINDOW.toMillis() - 1, 0);

        assertThat(compiler.isDone()).isFalse();
    }

    @Test
    void isNotDoneAfterAWindowWithMuchWork() {
        pass(Compiler.WINDOW.toMillis(), 1_500);

        assertThat(compiler.isDone()).isFalse();
    }

    @Test
    void isDoneAfterTheFirstWindowWithLittleWork() {
        pass(Compiler.WINDOW.toMillis(), 1_500);
        compiler.isDone();
        pass(Compiler.WINDOW.toMillis() - 1, 100);
        assertThat(compiler.isDone()).isFalse();
        pass(1, 0);

        assertThat(compiler.isDone()).isTrue();
    }

    private void pass(long millis, long compiled) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        compiledMillis += compiled;
    }
}
