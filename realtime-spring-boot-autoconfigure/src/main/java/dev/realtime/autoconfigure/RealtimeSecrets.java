package dev.realtime.autoconfigure;

import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides the secrets among {@code realtime.*} properties in the env and configprops endpoints, even where the application
 * shows all values there.
 */
final class RealtimeSecrets implements SanitizingFunction {

    /** The end of a name without its separators: the same property is spelled otherwise in an environment variable. */
    private static final Pattern SECRET = Pattern.compile("realtime.*(password|secret|secretkey|privatekey|apikey)");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String name = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SECRET.matcher(name).matches() ? data.withSanitizedValue() : data;
    }
}
