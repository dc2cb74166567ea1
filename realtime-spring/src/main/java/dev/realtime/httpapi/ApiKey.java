package dev.realtime.httpapi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The secret that opens the API, in the places where the reference server has it: the header {@code X-API-Key}; without
 * that, {@code Authorization: apikey <key>}; then the query parameter {@code api_key}, if that is allowed, since
 * queries are written to access logs. Compared in a time that does not depend on the key. Never printed.
 */
public final class ApiKey {

    /** Name of the header that carries the key. */
    public static final String HEADER = "X-API-Key";

    /** Name of the query parameter that may carry the key. */
    public static final String PARAMETER = "api_key";

    private static final String SCHEME = "apikey";

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
     * @param inQuery whether it may be in the query
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

    /**
     * Returns whether a request brings the key.
     *
     * @param header the first value of {@link #HEADER}; {@code null} if absent
     * @param authorization the first value of the header {@code Authorization}; {@code null} if absent
     * @param parameter the first value of the query parameter {@link #PARAMETER}; {@code null} if absent
     * @return {@code true} if one of them is the key, or if no key is needed
     */
    public boolean opens(@Nullable String header, @Nullable String authorization, @Nullable String parameter) {
        return key == null || isKey(headerValue(header, authorization)) || (inQuery && isKey(parameter));
    }

    private static @Nullable String headerValue(@Nullable String header, @Nullable String authorization) {
        if (header != null && !header.isEmpty()) {
            return header;
        }
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
