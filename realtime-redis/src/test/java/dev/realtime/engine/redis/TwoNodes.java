package dev.realtime.engine.redis;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two started nodes that share a Redis, {@code first} and {@code second}, new ones for each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TwoNodes nodes = new TwoNodes(() -> RedisEngineUnderTest.on(redis.get()));
 * }</pre>
 */
public final class TwoNodes implements BeforeEachCallback, AfterEachCallback {

    private final Supplier<RedisEngineUnderTest> engines;

    private @Nullable RedisEngineUnderTest underTest;

    private @Nullable StartedEngine first;

    private @Nullable StartedEngine second;

    /** @param engines makes those of one test */
    public TwoNodes(Supplier<RedisEngineUnderTest> engines) {
        this.engines = engines;
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        underTest = engines.get();
        first = new StartedEngine(underTest.engine(), "first");
        second = new StartedEngine(underTest.another(), "second");
    }

    @Override
    public void afterEach(ExtensionContext test) {
        first().stop();
        second().stop();
        engines().close();
    }

    /** The engines and what else they share. */
    public RedisEngineUnderTest engines() {
        return Objects.requireNonNull(underTest);
    }

    public StartedEngine first() {
        return Objects.requireNonNull(first);
    }

    public StartedEngine second() {
        return Objects.requireNonNull(second);
    }
}
