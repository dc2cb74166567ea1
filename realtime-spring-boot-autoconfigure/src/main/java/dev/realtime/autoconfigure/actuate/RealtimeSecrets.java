package dev.realtime.autoconfigure.actuate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Sanitizing of the secrets among {@code realtime.*} properties in the env and configprops endpoints, even if the
 * application shows all values there.
 */
final class RealtimeSecrets implements SanitizingFunction {

    /** The end of a name without its separators: the same property is spelled otherwise in an environment variable. */
    private static final Pattern SECRET = Pattern.compile("realtime.*(password|secret|secretkey|privatekey|apikey)");

    /** Addresses of Redis, of which only the credentials are hidden; elements of a list have a number. */
    private static final Pattern ADDRESS = Pattern.compile("realtimeredis(cluster|sentinel)?address\\d*");

    /** From the scheme to the last at sign before the next scheme: a password may hold commas. */
    private static final Pattern CREDENTIALS = Pattern.compile("((?:^|,\\s*)\\w+://|^)(?:(?!,\\s*\\w+://).)*@");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String name = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (SECRET.matcher(name).matches()) {
            return data.withSanitizedValue();
        }
        if (ADDRESS.matcher(name).matches() && data.getValue() instanceof CharSequence addresses) {
            return data.withValue(withoutCredentials(addresses));
        }
        return data;
    }

    private static String withoutCredentials(CharSequence addresses) {
        return CREDENTIALS
                .matcher(addresses)
                .replaceAll("$1" + Matcher.quoteReplacement(SanitizableData.SANITIZED_VALUE) + "@");
    }
}
