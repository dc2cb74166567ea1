package dev.realtime.autoconfigure.warmup;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeProperties;
import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.convert.DurationStyle;

/** Value of {@code realtime.warm-up}: a duration, or {@code off}, which YAML reads as {@code false}. */
final class WarmUpTime {

    private WarmUpTime() {}

    /**
     * Returns the longest time of the warm-up, zero for none.
     *
     * @throws ConfigurationProblemException if the value is neither a duration nor off, or is negative
     */
    static Duration parse(String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty() || text.equals("off") || text.equals("false")) {
            return Duration.ZERO;
        }
        try {
            return PropertyRules.notNegative(RealtimeProperties.WARM_UP, DurationStyle.detectAndParse(text));
        } catch (IllegalArgumentException noDuration) {
            throw new ConfigurationProblemException(
                    RealtimeProperties.WARM_UP,
                    "`%s` is `%s`, which is neither a duration nor `off`.".formatted(RealtimeProperties.WARM_UP, value),
                    "Set it to a duration such as `20s`, or remove it.");
        }
    }
}
