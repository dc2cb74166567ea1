package dev.realtime.autoconfigure;

import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * Rules for single properties. Each returns the value or refuses it. They are plain code because an application may
 * have no implementation of Jakarta Validation.
 */
public final class PropertyRules {

    private static final String REMOVE = ", or remove it for the default.";

    private PropertyRules() {}

    /** @param consequence why a value that is not positive is a mistake, as the end of a sentence */
    public static int positive(String property, int value, String consequence) {
        if (value <= 0) {
            throw refused(property, value, consequence, "Set it to 1 or more" + REMOVE);
        }
        return value;
    }

    public static int notNegative(String property, int value, String meaningOfZero) {
        if (value < 0) {
            throw refused(
                    property,
                    value,
                    "but it cannot be negative",
                    "Set it to 0 (" + meaningOfZero + ") or more" + REMOVE);
        }
        return value;
    }

    public static Duration positive(String property, Duration value, String consequence) {
        if (value.isZero() || value.isNegative()) {
            throw refused(property, shown(value), consequence, "Set it to a time above zero" + REMOVE);
        }
        return value;
    }

    public static Duration notNegative(String property, Duration value) {
        if (value.isNegative()) {
            throw refused(
                    property,
                    shown(value),
                    "but it cannot be negative",
                    "Set it to zero or to a time above zero" + REMOVE);
        }
        return value;
    }

    /** Bytes between 1 and what fits an {@code int}, as buffers are that long at most. */
    public static int positiveBytes(String property, DataSize value, String consequence) {
        if (value.toBytes() <= 0) {
            throw refused(property, value, consequence, "Set it to a size above zero" + REMOVE);
        }
        return bytes(property, value);
    }

    /** Bytes between 0 and what fits an {@code int}. */
    public static int notNegativeBytes(String property, DataSize value) {
        notNegativeSize(property, value);
        return bytes(property, value);
    }

    /** Bytes, 0 or more, which no single buffer has to hold. */
    static long notNegativeSize(String property, DataSize value) {
        if (value.isNegative()) {
            throw refused(
                    property, value, "but it cannot be negative", "Set it to zero or to a size above zero" + REMOVE);
        }
        return value.toBytes();
    }

    private static int bytes(String property, DataSize value) {
        if (value.toBytes() > Integer.MAX_VALUE) {
            throw refused(property, value, "but no buffer can be that long", "Set it to less than 2GB" + REMOVE);
        }
        return (int) value.toBytes();
    }

    /** A duration as one would write it in a configuration file. */
    public static String shown(Duration value) {
        return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }

    private static ConfigurationProblemException refused(
            String property, Object value, String consequence, String action) {
        return new ConfigurationProblemException(
                property, "`%s` is `%s`, %s.".formatted(property, value, consequence), action);
    }
}
