package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing and broadcasting over the API. */
@OnEachStack
class PublishTests {

    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    private final ApiServer server;

    PublishTests(ApiServer server) {
        this.server = server;
    }

    @Test
    void withoutHistoryTheResultIsEmpty() {
        Answer answer = server.call("publish", "{\"channel\":\"plain:publish\",\"data\":{}}");

        assertThat(answer).isEqualTo(Answer.json("{\"result\":{}}"));
    }

    @Test
    void withHistoryTheResultIsThePlaceInTheStream() {
        String first = server.call("publish", "{\"channel\":\"kept:place\",\"data\":1}")
                .body();
        String second = server.call("publish", "{\"channel\":\"kept:place\",\"data\":2}")
                .body();

        assertThat(first).isEqualTo("{\"result\":{\"offset\":1,\"epoch\":\"" + epoch(first) + "\"}}");
        assertThat(second).isEqualTo("{\"result\":{\"offset\":2,\"epoch\":\"" + epoch(first) + "\"}}");
    }

    private static String epoch(String reply) {
        return EPOCH.matcher(reply).results().findFirst().orElseThrow().group(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567890.50",
                "{\"b\" : 1,  \"a\":1.50,\"b\":2}",
                "\"\\u00e9\\ud800 \uD83D\uDE00\"",
                "null",
                "\"\"",
                "false",
                "[ [ ] ]"
            })
    void dataReachesSubscribersAndHistoryByteForByte(String data) {
        String channel = "kept:bytes-" + data.hashCode();
        try (Visitor alice = Visitor.connect(server, "alice")) {
            server.call("subscribe", "{\"user\":\"alice\",\"channel\":\"" + channel + "\"}");
            alice.next();

            server.call("publish", "{\"data\": " + data + " ,\"channel\":\"" + channel + "\"}");

            assertThat(alice.next())
                    .isEqualTo("{\"push\":{\"channel\":\"" + channel + "\",\"pub\":{\"data\":" + data
                            + ",\"offset\":1}}}");
            assertThat(server.call("history", "{\"channel\":\"" + channel + "\",\"limit\":-1}")
                            .body())
                    .startsWith("{\"result\":{\"publications\":[{\"data\":" + data + ",\"offset\":1}],");
        }
    }

    @Test
    void base64WinsOverData() {
        server.call("publish", "{\"channel\":\"kept:base64\",\"data\":1,\"b64data\":\"eyJhIjoxfQ==\"}");

        assertThat(server.call("history", "{\"channel\":\"kept:base64\",\"limit\":-1}")
                        .body())
                .startsWith("{\"result\":{\"publications\":[{\"data\":{\"a\":1},\"offset\":1}],");
    }

    @Test
    void bytesThatAreNoJsonAreReadAsBase64() {
        server.call("publish", "{\"channel\":\"kept:binary\",\"b64data\":\"AP//\"}");

        assertThat(server.call("history", "{\"channel\":\"kept:binary\",\"limit\":-1}")
                        .body())
                .startsWith("{\"result\":{\"publications\":[{\"b64data\":\"AP//\",\"offset\":1}],");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "eyJ", "eyJhIjoxfQ", "eyJh-_==", "e yJ"})
    void whatIsNoStandardBase64IsABadRequest(String base64) {
        Answer answer =
                server.call("publish", "{\"channel\":\"plain:base64\",\"data\":1,\"b64data\":\"" + base64 + "\"}");

        assertThat(answer).isEqualTo(Answer.error(107, "bad request"));
    }

    @Test
    void namespaceDecidesWhatDataItTakes() {
        assertThat(server.call("publish", "{\"channel\":\"binary:a\"}")).isEqualTo(Answer.json("{\"result\":{}}"));
        assertThat(server.call("publish", "{\"channel\":\"plain:a\"}")).isEqualTo(Answer.error(107, "bad request"));
        assertThat(server.call("publish", "{\"channel\":\"object:a\",\"data\":{}}"))
                .isEqualTo(Answer.json("{\"result\":{}}"));
        assertThat(server.call("publish", "{\"channel\":\"object:a\",\"data\":[]}"))
                .isEqualTo(Answer.error(107, "bad request"));
    }

    @Test
    void tagsTravelBesideTheData() {
        server.call("publish", "{\"channel\":\"kept:tags\",\"data\":1,\"tags\":{\"a\":\"b\",\"\\u0063\":\"\"}}");

        assertThat(server.call("history", "{\"channel\":\"kept:tags\",\"limit\":1}")
                        .body())
                .startsWith(
                        "{\"result\":{\"publications\":[{\"data\":1,\"offset\":1,\"tags\":{\"a\":\"b\",\"c\":\"\"}}],");
    }

    @Test
    void skippedHistoryIsDeliveredWithoutAPlace() {
        Answer answer = server.call("publish", "{\"channel\":\"kept:skipped\",\"data\":1,\"skip_history\":true}");

        assertThat(answer).isEqualTo(Answer.json("{\"result\":{}}"));
        assertThat(server.call("history", "{\"channel\":\"kept:skipped\",\"limit\":-1}")
                        .body())
                .contains("\"publications\":[]", "\"offset\":0");
    }

    @Test
    void excludedUserIsLeftOut() {
        try (Visitor alice = Visitor.connect(server, "alice");
                Visitor bob = Visitor.connect(server, "bob")) {
            server.call("subscribe", "{\"user\":\"alice\",\"channel\":\"plain:all-but\"}");
            server.call("subscribe", "{\"user\":\"bob\",\"channel\":\"plain:all-but\"}");
            alice.next();
            bob.next();

            server.call("publish", "{\"channel\":\"plain:all-but\",\"data\":1,\"except_user\":\"alice\"}");
            server.call(
                    "broadcast",
                    "{\"channels\":[\"plain:all-but\"],\"data\":2,\"except_user\":\"\",\"except_client\":\""
                            + bob.clientId() + "\"}");
            server.call("publish", "{\"channel\":\"plain:all-but\",\"data\":3,\"except_client\":\"\"}");

            assertThat(List.of(alice.next(), alice.next())).isEqualTo(List.of(data(2), data(3)));
            assertThat(List.of(bob.next(), bob.next())).isEqualTo(List.of(data(1), data(3)));
        }
    }

    private static String data(int number) {
        return "{\"push\":{\"channel\":\"plain:all-but\",\"pub\":{\"data\":" + number + "}}}";
    }

    @Test
    void publicationsThatAskForItAreSentAsDifferences() {
        String data = "\"data\":\"" + "a".repeat(100);
        try (Visitor alice = Visitor.connect(server, "alice")) {
            alice.subscribeWithDeltas("state:asked");

            server.call("publish", "{\"channel\":\"state:asked\"," + data + "1\"}");
            server.call("publish", "{\"channel\":\"state:asked\"," + data + "2\",\"delta\":true}");
            server.call("broadcast", "{\"channels\":[\"state:asked\"]," + data + "3\",\"delta\":true}");
            server.call("publish", "{\"channel\":\"state:asked\"," + data + "4\",\"delta\":false}");
            server.call("broadcast", "{\"channels\":[\"state:asked\"]," + data + "5\"}");

            assertThat(alice.next()).contains("a1").doesNotContain("\"delta\"");
            assertThat(alice.next()).contains("\"delta\":true").doesNotContain("aaaa");
            assertThat(alice.next()).contains("\"delta\":true").doesNotContain("aaaa");
            assertThat(alice.next()).contains("a4").doesNotContain("\"delta\"");
            assertThat(alice.next()).contains("a5").doesNotContain("\"delta\"");
        }
    }

    @Test
    void olderVersionIsNotPublished() {
        server.call("publish", "{\"channel\":\"kept:version\",\"data\":5,\"version\":5,\"version_epoch\":\"e\"}");
        server.call("publish", "{\"channel\":\"kept:version\",\"data\":4,\"version\":4,\"version_epoch\":\"e\"}");

        assertThat(server.call("history", "{\"channel\":\"kept:version\",\"limit\":-1}")
                        .body())
                .startsWith("{\"result\":{\"publications\":[{\"data\":5,\"offset\":1}],");
    }

    /** Retries of a service that does not know what became of its first attempt arrive together. */
    @Test
    void concurrentRetriesPublishOnceAndAreAnsweredAlike() throws Exception {
        ExecutorService retries = Executors.newFixedThreadPool(50);
        try (Visitor alice = Visitor.connect(server, "alice")) {
            server.call("subscribe", "{\"user\":\"alice\",\"channel\":\"kept:once\"}");
            alice.next();

            List<Future<Answer>> answers = retries.invokeAll(IntStream.range(0, 50)
                    .mapToObj(retry -> (java.util.concurrent.Callable<Answer>) () -> server.call(
                            "publish",
                            "{\"channel\":\"kept:once\",\"data\":" + retry + ",\"idempotency_key\":\"order-1\"}"))
                    .toList());

            for (Future<Answer> answer : answers) {
                assertThat(answer.get()).isEqualTo(answers.get(0).get());
            }
            assertThat(alice.next()).contains("\"offset\":1");
            server.call("publish", "{\"channel\":\"kept:once\",\"data\":\"end\"}");
            assertThat(alice.next()).contains("\"data\":\"end\",\"offset\":2");
        } finally {
            retries.shutdownNow();
        }
    }

    @Test
    void broadcastAnswersForEachChannelInOrder() {
        Answer answer = server.call(
                "broadcast", "{\"channels\":[\"plain:x\",\"\",\"nowhere:x\",\"object:x\",\"plain:y\"],\"data\":1}");

        assertThat(answer)
                .isEqualTo(Answer.json("{\"result\":{\"responses\":[{\"result\":{}},"
                        + "{\"error\":{\"code\":107,\"message\":\"bad request\"}},"
                        + "{\"error\":{\"code\":102,\"message\":\"unknown channel\"}},"
                        + "{\"error\":{\"code\":107,\"message\":\"bad request\"}},"
                        + "{\"result\":{}}]}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"data\":1}", "{\"channels\":[],\"data\":1}", "{\"channels\":[\"plain:x\"],\"b64data\":\"!\"}"
            })
    void broadcastThatReachesNobodyOrHasBadBase64IsABadRequest(String request) {
        assertThat(server.call("broadcast", request)).isEqualTo(Answer.error(107, "bad request"));
    }
}
