package dev.realtime.web.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers that let a page of an allowed origin read a response, credentials included
 * (<a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</a>). Whether the origin is allowed is
 * decided before; other pages get no response at all.
 */
public final class CorsHeaders {

    private static final String MAX_AGE_SECONDS = "300";

    private static final String METHODS = "POST, OPTIONS";

    private CorsHeaders() {}

    /**
     * Returns the headers of a response.
     *
     * @param origin origin of the page; {@code null} if the request comes from none
     * @param requestedHeaders value of {@code Access-Control-Request-Headers}; {@code null} if there is none
     */
    public static Map<String, String> of(@Nullable String origin, @Nullable String requestedHeaders) {
        if (origin == null || origin.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", origin);
        headers.put("Access-Control-Allow-Credentials", "true");
        if (requestedHeaders != null && !requestedHeaders.isEmpty()) {
            headers.put("Access-Control-Allow-Headers", requestedHeaders);
        }
        headers.put("Vary", "Origin");
        return headers;
    }

    /** Returns the headers of the reply to a preflight request, in addition to those of every response. */
    public static Map<String, String> ofPreflight() {
        return Map.of("Access-Control-Allow-Methods", METHODS, "Access-Control-Max-Age", MAX_AGE_SECONDS);
    }
}
