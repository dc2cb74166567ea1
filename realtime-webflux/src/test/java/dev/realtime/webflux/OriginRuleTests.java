package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.web.OriginRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

class OriginRuleTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.org           | https://example.org              | true",
                "https://example.org           | https://EXAMPLE.org              | true",
                "HTTPS://Example.ORG           | https://example.org              | true",
                "https://example.org           | http://example.org               | false",
                "https://example.org           | https://example.org:8443         | false",
                "https://example.org           | https://example.org.evil.example | false",
                "https://example.org           | https://exampleXorg              | false",
                "https://*.example.org         | https://a.b.example.org          | true",
                "https://*.example.org         | https://example.org              | false",
                "https://*.Example.org         | https://a.EXAMPLE.org            | true",
                "https://*                     | https://anything.at.all:1234     | true",
                "*                             | null                             | true",
                "http://localhost:*            | http://localhost:3000            | true",
                "http://localhost:[*]          | http://localhost:3000            | true",
                "http://localhost:[*]          | http://localhost                 | true",
                "http://localhost:[3000,8000]  | http://localhost:8000            | true",
                "http://localhost:[3000,8000]  | http://localhost:8080            | false",
                "http://localhost:?000         | http://localhost:3000            | false",
                "https://{a,b}.example.org     | https://a.example.org            | false",
                "http://[::1]:3000             | http://[::1]:3000                | true",
                "http://[::1]:*                | http://[::1]:8080                | true",
                "http://[::1]:3000             | http://::3000                    | false",
                "HTTP://[2001:DB8::1]          | http://[2001:db8::1]             | true",
            })
    void entriesAreThoseOfSpring(String allowed, String origin, boolean passes) {
        OriginRule rule = new OriginRule(List.of("https://other.example", allowed));

        assertThat(allows(rule, request("https://app.example/", origin))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://*.example.org         | https://a.b.example.org          | true",
                "http://localhost:?000         | http://localhost:3000            | true",
                "http://localhost:[0-9]000     | http://localhost:8000            | true",
                "http://localhost:[!8]000      | http://localhost:8000            | false",
                "http://[ab-]x                 | http://-x                        | true",
                "https://{a,b*}.example.org    | https://blue.example.org         | true",
                "https://{a,b}.example.org     | https://c.example.org            | false",
                "https://{a{1,2},b}.example    | https://a2.example               | true",
                "https://\\*.example.org       | https://a.example.org            | false",
                "http://[::1]:3000             | http://[::1]:3000                | true",
                "http://[::1]:*                | http://[::1]:8080                | true",
                "http://[::1]:3000             | http://::3000                    | false",
                "http://[a:c]x                 | http://:x                        | true",
            })
    void entriesWithThePrefixAreGlobsOverTheWholeHeader(String allowed, String origin, boolean passes) {
        OriginRule rule = new OriginRule(List.of("https://other.example", "glob:" + allowed));

        assertThat(allows(rule, request("https://app.example/", origin))).isEqualTo(passes);
    }

    @Test
    void pageOfTheSameHostPassesBesideEntries() {
        OriginRule rule = new OriginRule(List.of("https://other.example"));

        assertThat(allows(rule, request("https://app.example/", "https://app.example")))
                .isTrue();
        assertThat(allows(rule, request("https://app.example/", "https://app.example:8443")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example/x,       http://app.example,        true",
        "http://app.example/x,       https://app.example,       true",
        "https://app.example/x,      https://APP.example:443,   true",
        "http://app.example:8080/x,  http://app.example:8080,   true",
        "http://app.example:8080/x,  http://app.example,        false",
        "http://app.example/x,       http://app.example:8080,   false",
        "http://app.example/x,       http://other.example,      false",
        "http://app.example/x,       http://app.example.evil,   false",
        "http://app.example/x,       http://evil/app.example,   false",
        "http://app.example/x,       null,                      false",
        "http://app.example/x,       http://app.example@evil,   false",
        "http://app.example/x,       ::::,                      false",
        "http://[::1]:8080/x,        http://[::1]:8080,         true",
        "http://[::1]:8080/x,        http://[::2]:8080,         false",
        "http://[::1]/x,             https://[::1],             true",
        "http://my_app:8080/x,       http://my_app:8080,        true",
        "http://my_app.test:8080/x,  http://MY_app.test:8080,   true",
        "http://my_app:8080/x,       http://my_app:8081,        false",
        "http://my_app/x,            https://my_app,            true",
        "http://my_app/x,            http://other_app,          false",
        "http://app.example:443/x,   https://app.example,       true",
        "http://my_app:443/x,        https://my_app,            true",
        "http://app.example:443/x,   http://app.example,        false",
        "http://app.example:80/x,    https://app.example,       true",
        "https://app.example:8443/x, https://app.example,       false",
        "http://app.example/x,       http://app.example:99999999999, false",
        "http://app.example/x,       http://user@app.example,   false",
        "https://app.example/x,      http://app.example,        false",
        "https://app.example:443/x,  http://app.example,        false",
        "https://app.example:8443/x, http://app.example:8443,   false",
        "https://app.example/x,      HTTP://app.example:443,    false",
        "wss://app.example/x,        http://app.example,        false",
        "wss://app.example/x,        https://app.example,       true",
        "https://my_app/x,           http://my_app,             false",
    })
    void withoutEntriesTheHostOfTheRequestPasses(String requested, String origin, boolean passes) {
        assertThat(allows(new OriginRule(List.of()), request(requested, origin)))
                .isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({
        "my_app.test,       http,  http://my_app.test,       true",
        "my_app.test:8443,  https, https://my_app.test:8443, true",
        "my_app.test,       https, https://my_app.test,      true",
        "my_app.test,       https, https://other.test,       false",
        "my_app.test,       https, http://my_app.test,       false",
        "[::1]:8443,        https, https://[::1]:8443,       true",
    })
    void hostIsThatOfTheForwardedHeadersWhereTheApplicationTrustsThem(
            String host, String scheme, String origin, boolean passes) {
        MockServerHttpRequest request = MockServerHttpRequest.get("http://10.0.0.1:8080/x")
                .header("Host", "inner_app:8080")
                .header("X-Forwarded-Host", host)
                .header("X-Forwarded-Proto", scheme)
                .header("Origin", origin)
                .build();

        assertThat(allows(new OriginRule(List.of()), new ForwardedHeaderTransformer().apply(request)))
                .isEqualTo(passes);
    }

    @Test
    void requestWithoutOriginPasses() {
        MockServerHttpRequest request =
                MockServerHttpRequest.get("https://app.example/").build();

        assertThat(allows(new OriginRule(List.of()), request)).isTrue();
        assertThat(allows(new OriginRule(List.of("https://example.org")), request))
                .isTrue();
    }

    @Test
    void originLongerThanAnyHostIsRefusedUnread() {
        OriginRule rule = new OriginRule(List.of("*a*a*a*b", "glob:*a*a*a*b"));

        assertThat(allows(rule, request("https://app.example/", "https://" + "a".repeat(5_000) + "b")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://{a,b", "https://a}", "http://[a-z", "http://[!", "https://a\\"})
    void malformedEntryIsRefusedByName(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OriginRule(List.of("glob:" + entry)))
                .withMessageContaining(entry);
    }

    private static MockServerHttpRequest request(String uri, String origin) {
        return MockServerHttpRequest.get(uri).header("Origin", origin).build();
    }

    private static boolean allows(OriginRule rule, ServerHttpRequest request) {
        return rule.allows(request.getHeaders(), request.getURI());
    }
}
