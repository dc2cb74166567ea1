package dev.realtime.autoconfigure;

/** What the paths of the HTTP API begin with: a path of its own, or nothing. */
final class HttpApiPrefix {

    private static final String PROPERTY = "realtime.http-api.prefix";

    private HttpApiPrefix() {}

    /** @throws InvalidRealtimePropertyException if no exact path could begin with it */
    static String check(String prefix) {
        if (prefix.isEmpty() || prefix.equals("/")) {
            return "";
        }
        EndpointPath.check(PROPERTY, prefix);
        if (prefix.endsWith("/")) {
            throw new InvalidRealtimePropertyException(
                    PROPERTY,
                    "`%s` is `%s`, but the slash before the method is added to it.".formatted(PROPERTY, prefix),
                    "Remove the slash at its end.");
        }
        return prefix;
    }
}
