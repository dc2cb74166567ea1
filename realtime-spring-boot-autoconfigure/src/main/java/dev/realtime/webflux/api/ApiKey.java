package dev.realtime.webflux.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The secret that opens the API, looked for where the reference server does: in the header {@code X-API-Key}; if there is
 * none in {@code Authorization: apikey <key>}; then in the query parameter {@code api_key}, if that is allowed, since
 * queries are written to access logs. Compared in a time that does not depend on the key. Never printed.
 */
public final class ApiKey {

    private static final String HEADER = "X-API-Key";

    private static final String SCHEME = "apikey";

    private static final String PARAMETER = "api_key";

    private final byte @Nullable [] key;

    private final boolean inQuery;

    private ApiKey(byte @Nullable [] key, boolean inQuery) {
        this.key = key;
        this.inQuery = inQuery;
    }

    /**
     * A key.
     *
     * @param key visible ASCII characters, as header values are
     * @param inQuery whether it may stand in the query
     */
    public static ApiKey of(String key, boolean inQuery) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("An empty key would open the API to anyone. Give it characters.");
        }
        return new ApiKey(key.getBytes(StandardCharsets.US_ASCII), inQuery);
    }

    /** No key at all: everybody is let in. */
    public static ApiKey insecure() {
        return new ApiKey(null, false);
    }

    /** Whether the request brings the key. */
    boolean opens(ServerHttpRequest request) {
        return key == null
                || isKey(headerValue(request.getHeaders()))
                || (inQuery && isKey(request.getQueryParams().getFirst(PARAMETER)));
    }

    private static @Nullable String headerValue(HttpHeaders headers) {
        String value = headers.getFirst(HEADER);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            return null;
        }
        String[] words = authorization.trim().split("\\s+");
        return words.length == 2 && words[0].equalsIgnoreCase(SCHEME) ? words[1] : null;
    }

    private boolean isKey(@Nullable String given) {
        // The time of the comparison depends on the length of its first argument alone.
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), key);
    }

    @Override
    public String toString() {
        return key == null ? "ApiKey[none]" : "ApiKey[******]";
    }
}
