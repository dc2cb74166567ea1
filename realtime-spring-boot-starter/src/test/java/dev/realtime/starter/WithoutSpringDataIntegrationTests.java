package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application that excludes Spring Data Redis from the starter: on a class path that lacks its jars. */
class WithoutSpringDataIntegrationTests {

    private static final Pattern LEFT_OUT = Pattern.compile("spring-data-.*\\.jar|lettuce-core.*\\.jar");

    @Test
    void applicationStartsWithTheMemoryEngine() throws Exception {
        assertThat(BeansOfOurs.without(LEFT_OUT))
                .contains("realtimePublisher", "realtimeWebSocketMapping", "realtimeMemoryEngine");
    }

    @Test
    void redisEngineNamesWhatIsMissing() {
        assertThatThrownBy(() -> BeansOfOurs.without(LEFT_OUT, "--realtime.engine=redis"))
                .hasStackTraceContaining("`realtime.engine` is `redis` but the class path lacks"
                        + " io.lettuce:lettuce-core and org.springframework.data:spring-data-redis");
    }
}
