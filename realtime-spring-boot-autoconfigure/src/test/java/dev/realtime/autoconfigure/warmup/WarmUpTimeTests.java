package dev.realtime.autoconfigure.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code realtime.warm-up} may be. */
class WarmUpTimeTests {

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF", "false", "", "0", "0s"})
    void thereIsNoneIfItIsOff(String value) {
        assertThat(WarmUpTime.parse(value)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"20s, 20", "1m, 60", "PT5S, 5"})
    void durationIsRead(String value, long seconds) {
        assertThat(WarmUpTime.parse(value)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "a while", "-5s"})
    void otherValuesAreRefused(String value) {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> WarmUpTime.parse(value))
                .withMessageContaining("`realtime.warm-up` is `" + value + "`");
    }
}
