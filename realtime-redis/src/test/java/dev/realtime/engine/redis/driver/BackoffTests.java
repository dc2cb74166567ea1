package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTests {

    @Test
    void stepsDoubleUpToTheLongestAndBeginAnew() {
        Backoff backoff = new Backoff(Duration.ofNanos(100), Duration.ofNanos(350));

        assertThat(backoff.next()).isBetween(50L, 100L);
        assertThat(backoff.next()).isBetween(100L, 200L);
        assertThat(backoff.next()).isBetween(175L, 350L);
        assertThat(backoff.next()).isBetween(175L, 350L);
        backoff.reset();
        assertThat(backoff.next()).isBetween(50L, 100L);
    }
}
