package dev.realtime.autoconfigure.webflux;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.webflux.OriginRule;
import java.util.List;
import java.util.regex.Pattern;

/** The option {@code realtime.client.allowed-origins}: refuses what cannot mean what it says. */
final class AllowedOrigins {

    private static final String PROPERTY = "realtime.client.allowed-origins";

    /**
     * What an {@code Origin} header can be: scheme, host and perhaps port, or {@code null} for pages without an origin.
     */
    private static final Pattern ORIGIN = Pattern.compile("null|[a-z][a-z0-9+.-]*://[^/]+", Pattern.CASE_INSENSITIVE);

    /** An address in brackets, and ports of a pattern: what brackets can be outside of globs. */
    private static final Pattern BRACKETS = Pattern.compile("(?<=://)\\[[0-9a-fA-F:.]+]|:\\[(\\*|\\d+(,\\d+)*)]$");

    private static final Pattern GLOB_ONLY = Pattern.compile("[?\\[\\]{}\\\\]");

    private AllowedOrigins() {}

    /** @throws ConfigurationProblemException if an entry is malformed or no page could ever match it */
    static OriginRule rule(List<String> allowedOrigins) {
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
                    "`%s` contains `%s`, which no page could match: in patterns of Spring only `*` and a list of ports such as `:[8080,8081]` stand for others."
                            .formatted(PROPERTY, entry),
                    "Write a pattern like `https://*.example.org`, or `glob:%s` for a glob as in Centrifugo."
                            .formatted(entry));
        }
        if (entry.indexOf('*') < 0 && !ORIGIN.matcher(entry).matches()) {
            throw new ConfigurationProblemException(
                    PROPERTY,
                    "`%s` contains `%s`, which no page could match: an origin is a scheme, a host and perhaps a port, without a path."
                            .formatted(PROPERTY, entry),
                    "Write origins like `https://example.org`, or patterns like `https://*.example.org`.");
        }
    }

    /**
     * Refuses to let pages of every host connect where the principal of the HTTP request can become the user, whoever
     * finds it out: Spring Security, a filter of the application, a session or a client certificate. A browser sends
     * what that needs by itself, so such a page could act in the name of a user who visits it.
     *
     * @throws ConfigurationProblemException if an entry admits everybody
     */
    static void refuseEverybody(List<String> allowedOrigins) {
        for (String entry : allowedOrigins) {
            if (ForeignOrigins.admittedBy(entry)) {
                throw new ConfigurationProblemException(
                        PROPERTY,
                        ("`%s` contains `%s`, which admits pages that anybody can make, while the principal of the HTTP"
                                        + " request says who clients are: such a page could connect in the name of a"
                                        + " user who visits it.")
                                .formatted(PROPERTY, entry),
                        "List the origins of your own pages. Or set `realtime.client.ignore-http-principal=true`, if"
                                + " clients are identified by what they send in the connect command alone, such as a"
                                + " token.");
            }
        }
    }
}
