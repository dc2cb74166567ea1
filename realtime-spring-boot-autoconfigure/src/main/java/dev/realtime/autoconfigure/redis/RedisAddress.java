package dev.realtime.autoconfigure.redis;

import dev.realtime.failure.ConfigurationProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Address of Redis as written in a property: {@code redis://user:password@host:port/database}, in which only the host
 * is required.
 *
 * @param tls whether the scheme requires TLS; {@code null} without a scheme
 * @param username empty for the default user
 * @param password empty for none
 * @param host name, IPv4 address, or IPv6 address without brackets
 * @param database {@code null} if not given
 */
record RedisAddress(
        @Nullable Boolean tls,
        String username,
        String password,
        String host,
        int port,
        @Nullable Integer database) {

    private static final Pattern FORM = Pattern.compile("(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?:(?<user>.*)@)?"
            + "(?<host>\\[[0-9A-Fa-f:.]+(?:%[\\w.-]+)?]|[^\\[\\]:/?#@\\s]+)"
            + "(?::(?<port>\\d{1,5}))?(?:/(?<database>\\d{0,9}))?");

    private static final Pattern CREDENTIALS = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@");

    private static final String FORMS = "Write `redis://host:port`, `rediss://host:port` for TLS, or `host:port`;"
            + " an IPv6 address needs brackets, as in `[::1]:6379`.";

    /** @throws ConfigurationProblemException if the text is no address of Redis */
    static RedisAddress parse(String property, String text, int defaultPort) {
        String trimmed = text.trim();
        Matcher form = FORM.matcher(trimmed);
        if (!form.matches()) {
            throw refused(
                    property,
                    trimmed,
                    trimmed.contains("?")
                            ? "but its part after `?` would be ignored. Settings of the connection are properties here"
                            : "which is no address of Redis");
        }
        String user = form.group("user");
        if (user != null && user.indexOf(':') < 0) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` has something before `@` that may be a user name or a password.".formatted(property),
                    "Write `redis://user:password@host:port`, or `redis://:password@host:port` for the default user.");
        }
        return new RedisAddress(
                tls(property, trimmed, form.group("scheme")),
                user == null ? "" : decoded(user.substring(0, user.indexOf(':'))),
                user == null ? "" : decoded(user.substring(user.indexOf(':') + 1)),
                form.group("host").replaceAll("[\\[\\]]", ""),
                port(property, trimmed, form.group("port"), defaultPort),
                form.group("database") == null || form.group("database").isEmpty()
                        ? null
                        : Integer.valueOf(form.group("database")));
    }

    private static @Nullable Boolean tls(String property, String text, @Nullable String scheme) {
        if (scheme == null) {
            return null;
        }
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "redis" -> false;
            case "rediss" -> true;
            default -> throw refused(property, text, "but `%s` is not a scheme of Redis".formatted(scheme));
        };
    }

    private static int port(String property, String text, @Nullable String port, int defaultPort) {
        if (port == null) {
            return defaultPort;
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw refused(property, text, "but ports go from 1 to 65535");
        }
        return number;
    }

    private static String decoded(String text) {
        // In this part of an address a plus sign is a plus sign.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the text of an address without its credentials. */
    static String withoutCredentials(String text) {
        return CREDENTIALS.matcher(text).replaceFirst("$1");
    }

    private static ConfigurationProblemException refused(String property, String text, String why) {
        return new ConfigurationProblemException(
                property, "`%s` is `%s`, %s.".formatted(property, withoutCredentials(text), why), FORMS);
    }

    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
