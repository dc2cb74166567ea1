package dev.realtime.webflux;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Which web pages may open connections: the option {@code realtime.client.allowed-origins}.
 *
 * <p>Each entry is a glob over the whole {@code Origin} header as in Centrifugo: {@code *} for any characters, {@code ?}
 * for one, {@code [a-z]} and {@code [!a-z]} for one of a set, {@code {a,b}} for alternatives, {@code \} before a literal
 * character. Letter case does not matter. Without entries a page must come from the host and port the request went to, as
 * the application sees them: behind a proxy those of the {@code Forwarded} headers, if it is set up to trust them. Where
 * Centrifugo without entries refuses every origin, this lets an application talk to its own pages.
 *
 * <p>A request without the header passes: it does not come from a web page.
 */
public final class OriginRule {

    /** Longer than any real origin; keeps the work of matching bounded. */
    private static final int MAX_LENGTH = 512;

    private final List<Pattern> patterns;

    /**
     * @param allowedOrigins globs; empty for the same host only
     * @throws IllegalArgumentException if an entry is no glob
     */
    public OriginRule(List<String> allowedOrigins) {
        this.patterns = allowedOrigins.stream().map(OriginGlob::compile).toList();
    }

    /** Whether the page that sent the request may. */
    public boolean allows(ServerHttpRequest request) {
        String origin = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
        if (origin == null || origin.isEmpty()) {
            return true;
        }
        if (origin.length() > MAX_LENGTH) {
            return false;
        }
        if (patterns.isEmpty()) {
            return isSameHost(origin, request.getURI());
        }
        return lists(origin);
    }

    /** Returns whether an entry matches the origin. */
    public boolean lists(String origin) {
        String folded = origin.toLowerCase(Locale.ROOT);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(folded).matches());
    }

    private static boolean isSameHost(String origin, URI request) {
        URI page = parse(origin);
        return page != null
                && page.getHost() != null
                && page.getHost().equalsIgnoreCase(request.getHost())
                && explicitPort(page) == explicitPort(request);
    }

    /** The port, or -1 if it goes without saying: a proxy may speak HTTPS in front of an application that speaks HTTP. */
    private static int explicitPort(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme()) || "wss".equalsIgnoreCase(uri.getScheme());
        return uri.getPort() == (secure ? 443 : 80) ? -1 : uri.getPort();
    }

    private static @Nullable URI parse(String origin) {
        try {
            return new URI(origin);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
