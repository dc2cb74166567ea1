package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application that has the starter and neither Actuator nor Micrometer: on a class path that lacks their jars. */
class WithoutActuatorIntegrationTests {

    private static final Pattern LEFT_OUT = Pattern.compile(
            "spring-boot-(starter-)?(actuator|health|micrometer).*\\.jar|micrometer-(core|jakarta9).*\\.jar");

    @Test
    void applicationStartsWithoutHealthInfoAndMeters() throws Exception {
        assertThat(BeansOfOurs.without(LEFT_OUT))
                .contains("realtimePublisher", "realtimeWebSocketMapping")
                .doesNotContain("realtimeHealthIndicator", "realtimeInfoContributor", "realtimeMetrics");
    }
}
