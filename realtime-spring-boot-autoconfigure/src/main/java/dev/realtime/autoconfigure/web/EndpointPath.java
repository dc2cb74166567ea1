package dev.realtime.autoconfigure.web;

import dev.realtime.failure.ConfigurationProblemException;

/** Path of an endpoint: exactly one, so that all others remain the application's. */
public final class EndpointPath {

    private EndpointPath() {}

    /** @throws ConfigurationProblemException if it is not absolute, or a pattern */
    public static String check(String property, String path) {
        if (path.isBlank()) {
            throw refused(property, path, "so clients could not find the endpoint");
        }
        if (!path.startsWith("/")) {
            throw refused(property, path, "but a path begins with a slash");
        }
        if (path.chars().anyMatch(character -> "*?{}".indexOf(character) >= 0 || Character.isWhitespace(character))) {
            throw refused(property, path, "but an endpoint has one exact path, without patterns and spaces");
        }
        return path;
    }

    private static ConfigurationProblemException refused(String property, String path, String why) {
        return new ConfigurationProblemException(
                property,
                "`%s` is `%s`, %s.".formatted(property, path, why),
                "Set it to a path such as `/connection/websocket`, or remove it for the default.");
    }
}
