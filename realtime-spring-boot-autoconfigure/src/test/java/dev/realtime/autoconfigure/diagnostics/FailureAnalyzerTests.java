package dev.realtime.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.Refusals;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/** What an operator reads when the application does not start: found as Spring Boot finds it. */
class FailureAnalyzerTests {

    private final ConfigurableEnvironment environment = new StandardEnvironment();

    @Test
    void refusedPropertyIsExplained() {
        FailureAnalysis analysis =
                analyze(new ConfigurationProblemException("realtime.engine", "What and why.", "What to do."));

        assertThat(analysis.getDescription()).isEqualTo("What and why.");
        assertThat(analysis.getAction()).isEqualTo("What to do.");
    }

    @Test
    void refusedChannelOptionsAreExplained() {
        FailureAnalysis analysis = analyze(new ConfigurationProblemException(
                "realtime.channel.namespaces.chat.history-size", "What and why.", "What to do."));

        assertThat(analysis.getDescription()).isEqualTo("What and why.");
        assertThat(analysis.getAction()).isEqualTo("What to do.");
    }

    @Test
    void originOfThePropertyIsNamed() {
        originOf("realtime.channel.namespaces[chat_room].history-size", "line 7");

        FailureAnalysis analysis = analyze(new ConfigurationProblemException(
                "realtime.channel.namespaces[chat_room].history-size", "What and why.", "What to do."));

        assertThat(analysis.getDescription().lines())
                .containsExactly(
                        "What and why.",
                        "",
                        "`realtime.channel.namespaces[chat_room].history-size` was read from line 7.");
    }

    private void originOf(String property, String origin) {
        Origin line = new Origin() {
            @Override
            public String toString() {
                return origin;
            }
        };
        environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test", Map.of(property, OriginTrackedValue.of("10", line))));
    }

    private FailureAnalysis analyze(RuntimeException cause) {
        return Refusals.analyze(new BeanCreationException("realtimeNode", "as Spring wraps it", cause), environment);
    }
}
