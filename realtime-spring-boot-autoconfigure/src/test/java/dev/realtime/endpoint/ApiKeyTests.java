package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import dev.realtime.httpapi.ApiKey;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key opens the API, in the places the reference server looks for it, and nothing else does. */
@OnEachStack
class ApiKeyTests {

    private static final String KEY = ApiServer.KEY;

    private static final Answer UNAUTHORIZED = new Answer(401, "", "");

    private final ApiServer server;

    ApiKeyTests(ApiServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"apikey", "ApiKey", "APIKEY"})
    void authorizationHeaderOpens(String scheme) {
        assertThat(publish(server, "", "Authorization", scheme + " " + KEY).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,Bearer %s",
        "Authorization,%s",
        "Authorization,apikey",
        "Authorization,apikey %s more",
        "Authorization,apikey x",
        "X-API-Key,x",
        "X-API-Key,%sx",
        "X-Other,%s"
    })
    void anythingElseDoesNot(String header, String value) {
        assertThat(publish(server, "", header, value.formatted(KEY))).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void wrongKeyInItsHeaderHidesTheOther() {
        assertThat(publish(server, "", "X-API-Key", "x", "Authorization", "apikey " + KEY))
                .isEqualTo(UNAUTHORIZED);
    }

    @Test
    void queryDoesNotOpenUnlessAllowed() {
        assertThat(publish(server, "?api_key=" + KEY)).isEqualTo(UNAUTHORIZED);
        try (ApiServer lenient = server.another("realtime.http-api.allow-query-key=true")) {
            assertThat(publish(lenient, "?api_key=" + KEY).status()).isEqualTo(200);
            assertThat(publish(lenient, "?api_key=" + KEY, "X-API-Key", "x").status())
                    .isEqualTo(200);
            assertThat(publish(lenient, "?api_key=x")).isEqualTo(UNAUTHORIZED);
            assertThat(publish(lenient, "?api_key")).isEqualTo(UNAUTHORIZED);
        }
    }

    private static Answer publish(ApiServer server, String query, String... headers) {
        return server.send(server.request("/api/publish" + query, headers)
                .POST(BodyPublishers.ofString("{\"channel\":\"plain:x\",\"data\":1}"))
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void keyIsAskedForBeforeTheHttpMethod(String httpMethod) {
        assertThat(server.send(server.request("/api/publish")
                        .method(httpMethod, BodyPublishers.noBody())
                        .build()))
                .isEqualTo(UNAUTHORIZED);
        assertThat(server.send(server.request("/api/publish", "X-API-Key", KEY)
                        .method(httpMethod, BodyPublishers.noBody())
                        .build()))
                .isEqualTo(new Answer(405, "", ""));
    }

    @Test
    void badRequestsWithoutTheKeyLearnNothing() {
        assertThat(server.send(server.request("/api/batch")
                        .POST(BodyPublishers.ofString("not JSON"))
                        .build()))
                .isEqualTo(UNAUTHORIZED);
    }

    @Test
    void keyIsNotPrinted() {
        assertThat(ApiKey.of(KEY, false)).asString().doesNotContain(KEY);
        assertThat(ApiKey.insecure()).hasToString("ApiKey[none]");
    }
}
