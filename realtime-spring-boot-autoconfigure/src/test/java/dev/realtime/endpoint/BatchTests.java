package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many commands in one request. */
@OnEachStack
class BatchTests {

    private final ApiServer server;

    BatchTests(ApiServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void repliesComeInTheOrderOfTheCommands(boolean parallel) {
        Answer answer = server.call(
                "batch",
                "{\"parallel\":" + parallel + ",\"commands\":["
                        + "{\"publish\":{\"channel\":\"plain:x\",\"data\":1}},"
                        + "{\"presence_stats\":{\"channel\":\"met:nobody\"}},"
                        + "{\"broadcast\":{\"channels\":[\"plain:x\"],\"data\":1}},"
                        + "{\"presence\":{\"channel\":\"plain:x\"}},"
                        + "{\"channels\":{\"pattern\":\"none\"}},"
                        + "{\"disconnect\":{\"user\":\"absent\"}}]}");

        assertThat(answer)
                .isEqualTo(Answer.json("{\"replies\":[{\"publish\":{}},"
                        + "{\"presence_stats\":{\"num_clients\":0,\"num_users\":0}},"
                        + "{\"broadcast\":{\"responses\":[{\"result\":{}}]}},"
                        + "{\"error\":{\"code\":108,\"message\":\"not available\"}},"
                        + "{\"channels\":{\"channels\":{}}},"
                        + "{\"disconnect\":{}}]}"));
    }

    @Test
    void commandsRunInOrder() {
        Answer answer = server.call(
                "batch",
                "{\"commands\":[{\"publish\":{\"channel\":\"kept:batch\",\"data\":1}},"
                        + "{\"publish\":{\"channel\":\"kept:batch\",\"data\":2}},"
                        + "{\"history\":{\"channel\":\"kept:batch\",\"limit\":-1}}]}");

        assertThat(answer.body())
                .contains("{\"history\":{\"publications\":[{\"data\":1,\"offset\":1},{\"data\":2,\"offset\":2}],");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                        | 104 | not found
            {"unknown":{}}            | 104 | not found
            {"publish":null}          | 104 | not found
            {"batch":{"commands":[]}} | 104 | not found
            null                      | 107 | bad request
            {"publish":{}}            | 107 | bad request
            """)
    void commandThatCannotRunFailsAlone(String command, int code, String message) {
        Answer answer = server.call(
                "batch", "{\"commands\":[" + command + ",{\"publish\":{\"channel\":\"plain:x\",\"data\":1}}]}");

        assertThat(answer)
                .isEqualTo(Answer.json("{\"replies\":[{\"error\":{\"code\":%d,\"message\":\"%s\"}},{\"publish\":{}}]}"
                        .formatted(code, message)));
    }

    @Test
    void ofSeveralMethodsInOneCommandTheFirstOfTheFixedOrderRuns() {
        Answer answer = server.call(
                "batch",
                "{\"commands\":[{\"channels\":{\"pattern\":\"none\"},\"presence_stats\":{\"channel\":\"met:nobody\"},"
                        + "\"info\":{}}]}");

        assertThat(answer)
                .isEqualTo(Answer.json("{\"replies\":[{\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"commands\":[]}", "{\"commands\":null}"})
    void batchOfNothingIsAnEmptyObject(String batch) {
        assertThat(server.call("batch", batch)).isEqualTo(Answer.json("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"commands\":[1]}",
                "{\"commands\":[[]]}",
                "{\"commands\":{}}",
                "{\"commands\":[{\"publish\":1}]}"
            })
    void commandOfAnotherTypeRefusesTheWhole(String batch) {
        assertThat(server.call("batch", batch)).isEqualTo(Answer.refusal(400, "Bad Request"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largestBatchRuns(boolean parallel) {
        Answer answer = server.call("batch", batch(1000, parallel));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().split("\"publish\":\\{}", -1)).hasSize(1001);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 10_000})
    void largerBatchIsRefusedBeforeAnythingOfItRuns(int size) {
        assertThat(server.call("batch", batch(size, false))).isEqualTo(Answer.refusal(413, "Content Too Large"));
    }

    private static String batch(int size, boolean parallel) {
        return "{\"parallel\":" + parallel + ",\"commands\":["
                + "{\"publish\":{\"channel\":\"plain:x\",\"data\":1}},".repeat(size - 1)
                + "{\"publish\":{\"channel\":\"plain:x\",\"data\":1}}]}";
    }

    @Test
    void largestBroadcastRunsAndALargerOneIsABadRequest() {
        assertThat(server.call("broadcast", broadcast(1000)).body())
                .startsWith("{\"result\":{\"responses\":[{\"result\":{}}");
        assertThat(server.call("broadcast", broadcast(1001))).isEqualTo(Answer.error(107, "bad request"));
        assertThat(server.call("broadcast", broadcast(10_000))).isEqualTo(Answer.error(107, "bad request"));
    }

    private static String broadcast(int size) {
        return "{\"data\":1,\"channels\":[" + "\"plain:x\",".repeat(size - 1) + "\"plain:x\"]}";
    }
}
