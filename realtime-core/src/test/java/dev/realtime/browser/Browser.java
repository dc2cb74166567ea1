package dev.realtime.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a browser does when a user logs in: it keeps cookies, follows redirects and sends forms. */
public final class Browser {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" type=\"hidden\" value=\"([^\"]+)\"");

    private final CookieManager cookies = new CookieManager();

    private final URI application;

    /** @param port port of the application on this machine */
    public Browser(int port) {
        this.application = URI.create("http://localhost:" + port);
    }

    /**
     * Returns a client with a connection of its own for each call: Reactor Netty 1.3.7 may read nothing more from a
     * connection whose next request came before the last one had ended.
     */
    private HttpClient http() {
        return HttpClient.newBuilder()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** Returns the page that a path leads to at last. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http().send(HttpRequest.newBuilder(application.resolve(path)).build(), BodyHandlers.ofString());
    }

    /** Sends the form of a page, with its CSRF token. */
    public HttpResponse<String> post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        return postFrom(path, path, fields);
    }

    /** Sends a form of a page to another path, with the CSRF token of the page. */
    public HttpResponse<String> postFrom(String page, String path, Map<String, String> fields)
            throws IOException, InterruptedException {
        Matcher csrf = CSRF.matcher(get(page).body());
        assertThat(csrf.find()).as("CSRF token of %s", page).isTrue();
        String form = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()) + "&")
                .collect(Collectors.joining("", "", "_csrf=" + encoded(csrf.group(1))));
        return http().send(
                        HttpRequest.newBuilder(application.resolve(path))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** Returns the header with the cookies of the application, as the browser sends it with a handshake. */
    public String cookie() {
        return "Cookie: "
                + cookies.getCookieStore().get(application).stream()
                        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
