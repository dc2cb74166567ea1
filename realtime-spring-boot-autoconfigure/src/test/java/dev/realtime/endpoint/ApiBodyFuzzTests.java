package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import dev.realtime.fuzz.Campaign;
import dev.realtime.fuzz.Pieces;
import dev.realtime.httpapi.HttpApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies of all kinds for every method of the HTTP API, by a caller that has the key. The answer is JSON, or a refusal
 * of the request, and never a failure of the server. {@code HttpApiFuzzConformanceTests} fuzzes what the document of
 * the API says; this, what no document says.
 */
@OnEachStack
class ApiBodyFuzzTests {

    private static final String[] BODIES = {
        "{\"channel\":\"kept:fuzz\",\"data\":{\"a\":[1,2]},\"idempotency_key\":\"k\","
                + "\"tags\":{\"a\":\"b\"},\"version\":7}",
        "{\"channel\":\"plain:fuzz\",\"b64data\":\"AQID\",\"skip_history\":true,\"delta\":true}",
        "{\"channels\":[\"plain:fuzz\",\"kept:fuzz\",\"nowhere:x\"],\"data\":\"é😀\"}",
        "{\"channel\":\"kept:fuzz\",\"limit\":-1,\"reverse\":true,\"since\":{\"offset\":1,\"epoch\":\"e\"}}",
        "{\"user\":\"alice\",\"channel\":\"met:fuzz\",\"info\":{},\"client\":\"c\",\"expire_at\":0,"
                + "\"override\":{\"presence\":{\"value\":true}}}",
        "{\"user\":\"alice\",\"disconnect\":{\"code\":4000,\"reason\":\"r\"},\"whitelist\":[\"c\"]}",
        "{\"pattern\":\"{a,b}*[a-z]?\"}",
        "{\"method\":\"fuzz\",\"params\":{\"a\":null}}",
        "{\"commands\":[{\"publish\":{\"channel\":\"kept:fuzz\",\"data\":1}},{\"info\":{}},{\"presence\":"
                + "{\"channel\":\"met:fuzz\"}}],\"parallel\":true}",
        "{}",
        "null"
    };

    private final ApiServer server;

    ApiBodyFuzzTests(ApiServer server) {
        this.server = server;
    }

    @Test
    void anyBodyIsAnsweredInJsonOrRefused() {
        new Campaign("api-bodies", LoopThreads::cpuNanos).run(ApiBodyFuzzTests::call, pieces -> {
            String method = new String(pieces.get(0), StandardCharsets.US_ASCII);

            Answer answer = server.send(server.request("/api/" + method, "X-API-Key", ApiServer.KEY)
                    .POST(BodyPublishers.ofByteArray(pieces.get(1)))
                    .build());

            assertThat(answer.status()).isIn(200, 400);
            if (answer.status() == 200) {
                assertThat(JsonMapper.shared().readTree(answer.body()).isObject())
                        .as(answer.body())
                        .isTrue();
            }
        });
    }

    /** A method and the body for it. */
    private static List<byte[]> call(Random random) {
        List<String> methods = HttpApi.methods();
        String method = methods.get(random.nextInt(methods.size()));
        byte[] body = Pieces.random(random, 1, ApiBodyFuzzTests::body).get(0);
        return List.of(method.getBytes(StandardCharsets.US_ASCII), body);
    }

    private static byte[] body(Random random) {
        return BODIES[random.nextInt(BODIES.length)].getBytes(StandardCharsets.UTF_8);
    }
}
