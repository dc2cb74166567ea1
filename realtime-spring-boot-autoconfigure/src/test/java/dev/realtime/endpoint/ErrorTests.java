package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that are refused, in the words and with the statuses of the reference server, in both error modes. */
@OnEachStack
class ErrorTests {

    private final ApiServer server;

    ErrorTests(ApiServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            publish        | {}                                                                    | 107 | bad request
            publish        | null                                                                  | 107 | bad request
            publish        | {"channel":"","data":1}                                               | 107 | bad request
            publish        | {"channel":null,"data":1}                                             | 107 | bad request
            publish        | {"channel":"plain:x"}                                                 | 107 | bad request
            publish        | {"channel":"nowhere:x","data":1}                                      | 102 | unknown channel
            broadcast      | null                                                                  | 107 | bad request
            subscribe      | {"user":"u"}                                                          | 107 | bad request
            subscribe      | {"user":"u","channel":"nowhere:x"}                                    | 102 | unknown channel
            subscribe      | {"user":"u","channel":"plain:x","b64data":"!"}                        | 107 | bad request
            subscribe      | {"user":"u","channel":"plain:x","b64info":"!"}                        | 107 | bad request
            subscribe      | {"user":"u","channel":"plain:x","expire_at":1}                        | 100 | internal server error
            unsubscribe    | {"user":"u","channel":"nowhere:x"}                                    | 102 | unknown channel
            disconnect     | {"user":"u","disconnect":{}}                                          | 107 | bad request
            presence       | {}                                                                    | 107 | bad request
            presence       | {"channel":"nowhere:x"}                                               | 102 | unknown channel
            presence       | {"channel":"plain:x"}                                                 | 108 | not available
            presence_stats | {}                                                                    | 107 | bad request
            presence_stats | {"channel":"nowhere:x"}                                               | 102 | unknown channel
            presence_stats | {"channel":"plain:x"}                                                 | 108 | not available
            history        | {}                                                                    | 107 | bad request
            history        | {"channel":"nowhere:x"}                                               | 102 | unknown channel
            history        | {"channel":"plain:x"}                                                 | 108 | not available
            history        | {"channel":"kept:epoch","since":{"offset":1,"epoch":"x"}}             | 112 | unrecoverable position
            history        | {"channel":"kept:x","limit":1,"reverse":true,"since":{"offset":0}}    | 107 | bad request
            history_remove | {}                                                                    | 107 | bad request
            history_remove | {"channel":"nowhere:x"}                                               | 102 | unknown channel
            history_remove | {"channel":"plain:x"}                                                 | 108 | not available
            channels       | {"pattern":"["}                                                       | 100 | internal server error
            rpc            | {}                                                                    | 107 | bad request
            rpc            | {"method":"unknown"}                                                  | 104 | not found
            """)
    void refusedCallIsAnsweredInItsReply(String method, String request, int code, String message) {
        assertThat(server.call(method, request)).isEqualTo(Answer.error(code, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscribe | {"user":"u","channel":"plain:x","expire_at":1}            | 500 | 100 | internal server error
            publish   | {"channel":"nowhere:x","data":1}                          | 404 | 102 | unknown channel
            rpc       | {"method":"unknown"}                                      | 404 | 104 | not found
            publish   | {}                                                        | 400 | 107 | bad request
            presence  | {"channel":"plain:x"}                                     | 400 | 108 | not available
            history   | {"channel":"kept:epoch","since":{"offset":1,"epoch":"x"}} | 416 | 112 | unrecoverable position
            """)
    void refusedCallIsAnsweredAsAStatusWhereAskedFor(
            String method, String request, int status, int code, String message) {
        Answer answer = server.call(method, request, "X-Centrifugo-Error-Mode", "transport");

        assertThat(answer)
                .isEqualTo(new Answer(
                        status, "application/json", "{\"code\":%d,\"message\":\"%s\"}".formatted(code, message)));
    }

    @Test
    void errorsCanBeStatusesForAllRequests() {
        try (ApiServer transport = server.another("realtime.http-api.error-mode=transport")) {
            assertThat(transport.call("publish", "{}").status()).isEqualTo(400);
            assertThat(transport.call("publish", "{\"channel\":\"plain:x\",\"data\":1}"))
                    .isEqualTo(Answer.json("{\"result\":{}}"));
        }
    }

    @Test
    void errorsWithinBroadcastsAndBatchesStayThereInBothModes() {
        Answer broadcast = server.call(
                "broadcast", "{\"channels\":[\"nowhere:x\"],\"data\":1}", "X-Centrifugo-Error-Mode", "transport");
        Answer batch =
                server.call("batch", "{\"commands\":[{\"publish\":{}}]}", "X-Centrifugo-Error-Mode", "transport");

        assertThat(broadcast)
                .isEqualTo(Answer.json(
                        "{\"result\":{\"responses\":[{\"error\":{\"code\":102,\"message\":\"unknown channel\"}}]}}"));
        assertThat(batch)
                .isEqualTo(Answer.json("{\"replies\":[{\"error\":{\"code\":107,\"message\":\"bad request\"}}]}"));
    }

    @Test
    void otherWordsForTheErrorModeAreIgnored() {
        assertThat(server.call("publish", "{}", "X-Centrifugo-Error-Mode", "body"))
                .isEqualTo(Answer.error(107, "bad request"));
    }

    @Test
    void namesAreCheckedForClientsOnly() {
        String name = "plain:" + "\u017d#\\n {}*?[".repeat(60);

        Answer answer = server.call("publish", "{\"channel\":\"" + name + "\",\"data\":1}");

        assertThat(answer).isEqualTo(Answer.json("{\"result\":{}}"));
    }
}
