package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.web.OriginRule;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rule of the option {@code realtime.client.allowed-origins}, on every web server. Refuses entries that cannot work as
 * intended.
 */
public final class AllowedOrigins {

    private static final String PROPERTY = "realtime.client.allowed-origins";

    /**
     * Values of an {@code Origin} header: scheme, host and perhaps port, or {@code null} for pages without an origin.
     */
    private static final Pattern ORIGIN = Pattern.compile("null|[a-z][a-z0-9+.-]*://[^/]+", Pattern.CASE_INSENSITIVE);

    /** Valid brackets outside of globs: an IPv6 address, and ports of a pattern. */
    private static final Pattern BRACKETS = Pattern.compile("(?<=://)\\[[0-9a-fA-F:.]+]|:\\[(\\*|\\d+(,\\d+)*)]$");

    private static final Pattern GLOB_ONLY = Pattern.compile("[?\\[\\]{}\\\\]");

    private AllowedOrigins() {}

    /**
     * Returns the rule.
     *
     * @throws ConfigurationProblemException if an entry is malformed, if no page could ever match it, or if it admits
     *     everybody where the principal of the HTTP request can become the user
     */
    public static OriginRule rule(RealtimeClientProperties properties) {
        OriginRule rule = rule(properties.allowedOrigins());
        if (!properties.ignoreHttpPrincipal()) {
            refuseEverybody(properties.allowedOrigins());
        }
        return rule;
    }

    private static OriginRule rule(List<String> allowedOrigins) {
        allowedOrigins.forEach(AllowedOrigins::refuseImpossible);
        try {
            return new OriginRule(allowedOrigins);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationProblemException(
                    PROPERTY,
                    "`%s` contains an entry that cannot be read: %s.".formatted(PROPERTY, malformed.getMessage()),
                    "Correct the pattern, for instance to `https://*.example.org`.");
        }
    }

    private static void refuseImpossible(String entry) {
        if (entry.startsWith(OriginRule.GLOB)) {
            return;
        }
        if (GLOB_ONLY.matcher(BRACKETS.matcher(entry).replaceAll("")).find()) {
            throw new ConfigurationProblemException(
                    PROPERTY,
                    ("`%s` contains `%s`, which no page could match: in patterns of Spring only `*` "
                                    + "and a list of ports such as `:[8080,8081]` stand for others.")
                            .formatted(PROPERTY, entry),
                    "Write a pattern like `https://*.example.org`, or `glob:%s` for a glob as in Centrifugo."
                            .formatted(entry));
        }
        if (entry.indexOf('*') < 0 && !ORIGIN.matcher(entry).matches()) {
            throw new ConfigurationProblemException(
                    PROPERTY,
                    ("`%s` contains `%s`, which no page could match: an origin is a scheme, a host and"
                                    + " perhaps a port, without a path.")
                            .formatted(PROPERTY, entry),
                    "Write origins like `https://example.org`, or patterns like `https://*.example.org`.");
        }
    }

    /**
     * Refuses pages of every host if the principal of the HTTP request can become the user, whether it comes from
     * Spring Security, a filter of the application, a session or a client certificate. Browsers send the credentials by
     * themselves, so such a page could act in the name of a visiting user.
     */
    private static void refuseEverybody(List<String> allowedOrigins) {
        for (String entry : allowedOrigins) {
            if (ForeignOrigins.admittedBy(entry)) {
                throw new ConfigurationProblemException(
                        PROPERTY,
                        ("`%s` contains `%s`, which admits pages that anybody can make, while the principal of the HTTP"
                                        + " request identifies clients: such a page could connect in the name of a user"
                                        + " that visits it.")
                                .formatted(PROPERTY, entry),
                        "List the origins of your own pages. Or set `realtime.client.ignore-http-principal=true`, if"
                                + " clients are identified by what they send in the connect command alone, such as a"
                                + " token.");
            }
        }
    }
}
