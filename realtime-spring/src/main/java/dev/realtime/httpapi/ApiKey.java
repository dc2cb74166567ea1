package dev.realtime.httpapi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Secret that authorizes calls of the API, in the same places as in Centrifugo: the header {@code X-API-Key}; without
 * it, {@code Authorization: apikey <key>}; then the query parameter {@code api_key}, if allowed, since access logs
 * contain queries. The time of the comparison does not depend on the key. Never printed.
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
     * Creates a key.
     *
     * @param key visible ASCII characters, as header values are
     * @param inQuery whether the query parameter is allowed
     * @return the key
     */
    public static ApiKey of(String key, boolean inQuery) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("The key must not be empty: anyone could call the API.");
        }
        return new ApiKey(key.getBytes(StandardCharsets.US_ASCII), inQuery);
    }

    /**
     * Returns a key that authorizes every call.
     *
     * @return the absence of a key
     */
    public static ApiKey insecure() {
        return new ApiKey(null, false);
    }

    /**
     * Returns whether a request is authorized.
     *
     * @param header the first value of {@link #HEADER}; {@code null} if absent
     * @param authorization the first value of the header {@code Authorization}; {@code null} if absent
     * @param parameter the first value of the query parameter {@link #PARAMETER}; {@code null} if absent
     * @return {@code true} if one of them is the key, or if none is needed
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
