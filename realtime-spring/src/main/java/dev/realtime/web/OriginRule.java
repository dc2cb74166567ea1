package dev.realtime.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;

/**
 * Rule for the web pages that may open connections: the option {@code realtime.client.allowed-origins}.
 *
 * <p>Pages from the host and port of the request itself are allowed, as in Spring's CORS support: they are the
 * application's own pages. Host and port are those that the application sees; behind a proxy, those of the
 * {@code Forwarded} headers, if it is set up to trust them. For a request over HTTPS, a page that was loaded over plain
 * HTTP is foreign, because anyone on its network path could have changed it. A request without the header is allowed
 * too: it does not come from a web page.
 *
 * <p>Other pages need an entry: an origin, or a pattern of {@link CorsConfiguration#setAllowedOriginPatterns} such as
 * {@code https://*.example.org} or {@code https://example.org:[8080,8081]}. An entry that begins with {@code glob:} is
 * a glob of Centrifugo over the whole header: {@code *} for any characters, {@code ?} for one, {@code [a-z]} and
 * {@code [!a-z]} for one of a set, {@code {a,b}} for alternatives, {@code \} before a literal character. Unlike there
 * an IPv6 address in brackets after {@code ://} is that address. Letter case does not matter in either.
 */
public final class OriginRule {

    /** Maximum length of an origin, above that of any real one; bounds the work of matching. */
    private static final int MAX_LENGTH = 512;

    private static final Pattern ORIGIN = Pattern.compile("(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?<authority>[^/]+)");

    /** Prefix of an entry that is a glob. */
    public static final String GLOB = "glob:";

    private final CorsConfiguration patterns = new CorsConfiguration();

    private final List<Pattern> globs;

    /**
     * Creates a rule.
     *
     * @param allowedOrigins origins, patterns and globs; empty for the same host only
     * @throws IllegalArgumentException if a glob is malformed
     */
    public OriginRule(List<String> allowedOrigins) {
        this.patterns.setAllowedOriginPatterns(allowedOrigins.stream()
                .filter(entry -> !entry.startsWith(GLOB))
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .toList());
        this.globs = allowedOrigins.stream()
                .filter(entry -> entry.startsWith(GLOB))
                .map(entry -> OriginGlob.compile(entry.substring(GLOB.length())))
                .toList();
    }

    /**
     * Returns whether the page that sent a request may connect.
     *
     * @param headers headers of the request
     * @param uri URI of the request as the application sees it
     */
    public boolean allows(HttpHeaders headers, URI uri) {
        String origin = headers.getFirst(HttpHeaders.ORIGIN);
        if (origin == null || origin.isEmpty()) {
            return true;
        }
        if (origin.length() > MAX_LENGTH) {
            return false;
        }
        return isSameHost(origin, headers, uri) || lists(origin);
    }

    /** Returns whether an entry matches the origin. */
    public boolean lists(String origin) {
        String folded = origin.toLowerCase(Locale.ROOT);
        return patterns.checkOrigin(folded) != null
                || globs.stream().anyMatch(glob -> glob.matcher(folded).matches());
    }

    private static boolean isSameHost(String origin, HttpHeaders headers, URI uri) {
        Matcher page = ORIGIN.matcher(origin);
        Authority requested = Authority.of(headers, uri);
        if (!page.matches() || requested == null) {
            return false;
        }
        Authority host = Authority.parse(page.group("authority"));
        boolean downgrade = isSecure(uri.getScheme()) && !isSecure(page.group("scheme"));
        return host != null
                && !downgrade
                && host.host().equalsIgnoreCase(requested.host())
                && isSamePort(
                        port(host, page.group("scheme")),
                        defaultPort(page.group("scheme")),
                        requested.port(),
                        defaultPort(uri.getScheme()));
    }

    /**
     * Compares ports. Without explicit ports the default ports of HTTP and HTTPS are equal, because a proxy may use
     * HTTPS in front of an application that uses HTTP.
     */
    private static boolean isSamePort(int page, int defaultOfPage, int requested, int defaultOfRequest) {
        return requested == -1 || requested == defaultOfRequest ? page == defaultOfPage : page == requested;
    }

    private static int port(Authority authority, String scheme) {
        return authority.port() == -1 ? defaultPort(scheme) : authority.port();
    }

    private static int defaultPort(@Nullable String scheme) {
        return isSecure(scheme) ? 443 : 80;
    }

    private static boolean isSecure(@Nullable String scheme) {
        return "https".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme);
    }

    /**
     * Host and port as they are in an origin, a URI or the header {@code Host}. {@link URI} knows neither of a host
     * with an underscore, which is usual in the networks of containers.
     *
     * @param host name or address; an IPv6 address in its brackets
     * @param port -1 if there is none
     */
    private record Authority(String host, int port) {

        private static final Pattern FORM =
                Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:@/?#\\\\\\s]+)(?::([0-9]{0,5}))?");

        /**
         * Returns that of the request as the application sees it, or of the header where a server made no URI of it.
         */
        static @Nullable Authority of(HttpHeaders headers, URI uri) {
            String ofUri = uri.getRawAuthority();
            String authority = ofUri == null ? headers.getFirst(HttpHeaders.HOST) : ofUri;
            return authority == null ? null : parse(authority);
        }

        static @Nullable Authority parse(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                return null;
            }
            String port = parts.group(2);
            return new Authority(parts.group(1), port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
        }
    }
}
