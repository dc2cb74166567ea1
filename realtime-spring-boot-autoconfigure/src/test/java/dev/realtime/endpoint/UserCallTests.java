package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the API does to connections of users. */
@OnEachStack
class UserCallTests {

    private static final Answer DONE = Answer.json("{\"result\":{}}");

    private final ApiServer server;

    UserCallTests(ApiServer server) {
        this.server = server;
    }

    @Test
    void subscribeTellsTheClientAndOthersWhatItWasGiven() {
        try (Visitor alice = Visitor.connect(server, "user-1")) {
            Answer answer = server.call(
                    "subscribe",
                    "{\"user\":\"user-1\",\"channel\":\"met:given\",\"info\":{\"role\":\"x\"},\"data\":{\"hello\":1}}");

            assertThat(answer).isEqualTo(DONE);
            assertThat(alice.next())
                    .isEqualTo("{\"push\":{\"channel\":\"met:given\",\"subscribe\":{\"data\":{\"hello\":1}}}}");
            assertThat(server.call("presence", "{\"channel\":\"met:given\"}").body())
                    .contains("\"chan_info\":{\"role\":\"x\"}");
        }
    }

    @Test
    void subscribeTakesBase64() {
        try (Visitor alice = Visitor.connect(server, "user-2")) {
            server.call(
                    "subscribe",
                    "{\"user\":\"user-2\",\"channel\":\"met:coded\",\"b64info\":\"MQ==\",\"b64data\":\"Mg==\"}");

            assertThat(alice.next()).isEqualTo("{\"push\":{\"channel\":\"met:coded\",\"subscribe\":{\"data\":2}}}");
            assertThat(server.call("presence", "{\"channel\":\"met:coded\"}").body())
                    .contains("\"chan_info\":1");
        }
    }

    @Test
    void callThatNamesASessionIsRefusedBecauseItWouldReachNobody() {
        for (String method : List.of("disconnect", "refresh", "unsubscribe", "subscribe")) {
            assertThat(server.call(method, "{\"user\":\"user-1\",\"channel\":\"met:x\",\"session\":\"s\"}")
                            .body())
                    .isEqualTo("{\"error\":{\"code\":108,\"message\":\"not available\"}}");
        }
    }

    @Test
    void subscribeOverridesOptionsOfTheNamespace() {
        try (Visitor alice = Visitor.connect(server, "user-3")) {
            server.call(
                    "subscribe",
                    "{\"user\":\"user-3\",\"channel\":\"met:hidden\",\"override\":{\"presence\":{\"value\":false},"
                            + "\"join_leave\":{},\"force_recovery\":null}}");
            alice.next();

            assertThat(server.call("presence", "{\"channel\":\"met:hidden\"}"))
                    .isEqualTo(Answer.json("{\"result\":{\"presence\":{}}}"));
        }
    }

    @Test
    void subscribeWithAFilterShowsAPartOfThePublications() {
        try (Visitor alice = Visitor.connect(server, "user-filtered")) {
            String filter = "{\"op\":\"not\",\"nodes\":[{\"key\":\"level\",\"cmp\":\"gt\",\"val\":\"1\"}]}";
            server.call(
                    "subscribe",
                    "{\"user\":\"user-filtered\",\"channel\":\"met:filtered\",\"server_tags_filter\":" + filter + "}");
            alice.next();

            server.call("publish", "{\"channel\":\"met:filtered\",\"data\":1,\"tags\":{\"level\":\"2\"}}");
            server.call("publish", "{\"channel\":\"met:filtered\",\"data\":2,\"tags\":{\"level\":\"1\"}}");

            assertThat(alice.next()).contains("\"data\":2").doesNotContain("\"data\":1");
        }
    }

    @Test
    void filterThatIsWrongIsABadRequest() {
        assertThat(server.call(
                                "subscribe",
                                "{\"user\":\"user-1\",\"channel\":\"met:x\",\"server_tags_filter\":{\"op\":\"xor\"}}")
                        .body())
                .isEqualTo("{\"error\":{\"code\":107,\"message\":\"bad request\"}}");
    }

    @Test
    void subscribeTellsThePositionToGoOnFrom() {
        server.call("publish", "{\"channel\":\"kept:since\",\"data\":1}");
        try (Visitor alice = Visitor.connect(server, "user-4")) {
            server.call(
                    "subscribe",
                    "{\"user\":\"user-4\",\"channel\":\"kept:since\",\"recover_since\":{\"offset\":0,\"epoch\":\"e\"},"
                            + "\"override\":{\"force_recovery\":{\"value\":true}}}");

            assertThat(alice.next())
                    .startsWith("{\"push\":{\"channel\":\"kept:since\",\"subscribe\":{")
                    .contains("\"recoverable\":true", "\"epoch\":\"e\"");
        }
    }

    @Test
    void onlyTheClientNamedIsSubscribed() {
        try (Visitor first = Visitor.connect(server, "user-5");
                Visitor second = Visitor.connect(server, "user-5")) {
            server.call(
                    "subscribe",
                    "{\"user\":\"user-5\",\"channel\":\"met:one\",\"client\":\"" + first.clientId() + "\"}");
            first.next();

            assertThat(server.call("presence_stats", "{\"channel\":\"met:one\"}")
                            .body())
                    .contains("\"num_clients\":1");
            assertThat(second.heardNothingMore()).isTrue();
        }
    }

    @Test
    void unsubscribeTellsTheClient() {
        try (Visitor alice = Visitor.connect(server, "user-6")) {
            alice.subscribe("met:left");

            Answer answer = server.call("unsubscribe", "{\"user\":\"user-6\",\"channel\":\"met:left\"}");

            assertThat(answer).isEqualTo(DONE);
            assertThat(alice.next())
                    .isEqualTo("{\"push\":{\"channel\":\"met:left\",\"unsubscribe\":{\"code\":2000,\"reason\":\"server"
                            + " unsubscribe\"}}}");
        }
    }

    @Test
    void unsubscribeWithoutAChannelDoesNothing() {
        try (Visitor alice = Visitor.connect(server, "user-7")) {
            alice.subscribe("met:stays");

            assertThat(server.call("unsubscribe", "{\"user\":\"user-7\"}")).isEqualTo(DONE);

            assertThat(server.call("presence_stats", "{\"channel\":\"met:stays\"}")
                            .body())
                    .contains("\"num_clients\":1");
        }
    }

    @Test
    void disconnectClosesWithoutReconnect() {
        try (Visitor alice = Visitor.connect(server, "user-8")) {
            assertThat(server.call("disconnect", "{\"user\":\"user-8\"}")).isEqualTo(DONE);

            assertThat(alice.end()).isEqualTo("3503 force disconnect");
        }
    }

    @Test
    void disconnectSparesTheWhitelistAndTellsTheReason() {
        try (Visitor leaves = Visitor.connect(server, "user-9");
                Visitor stays = Visitor.connect(server, "user-9")) {
            server.call(
                    "disconnect",
                    "{\"user\":\"user-9\",\"whitelist\":[\"" + stays.clientId()
                            + "\"],\"disconnect\":{\"code\":4001,\"reason\":\"only one tab\"}}");

            assertThat(leaves.end()).isEqualTo("4001 only one tab");
            stays.subscribe("met:spared");
        }
    }

    @Test
    void disconnectWithACodeThatCannotBeSentIsABadRequest() {
        assertThat(server.call("disconnect", "{\"user\":\"user-10\",\"disconnect\":{\"code\":4294967295}}"))
                .isEqualTo(Answer.error(107, "bad request"));
    }

    @Test
    void refreshMovesTheDeadline() {
        try (Visitor alice = Visitor.connect(server, "user-11")) {
            assertThat(server.call("refresh", "{\"user\":\"user-11\",\"expire_at\":4102444800}"))
                    .isEqualTo(DONE);

            assertThat(alice.next()).startsWith("{\"push\":{\"refresh\":{\"expires\":true,\"ttl\":");
        }
    }

    @Test
    void refreshReplacesWhatOthersSee() {
        try (Visitor alice = Visitor.connect(server, "user-12")) {
            server.call("refresh", "{\"user\":\"user-12\",\"info\":{\"is\":\"away\"}}");
            alice.next();
            alice.subscribe("met:away");

            assertThat(server.call("presence", "{\"channel\":\"met:away\"}").body())
                    .contains("\"conn_info\":{\"is\":\"away\"}");
        }
    }

    @Test
    void refreshCanLetTheConnectionExpire() {
        try (Visitor alice = Visitor.connect(server, "user-13")) {
            server.call("refresh", "{\"user\":\"user-13\",\"expired\":true}");

            assertThat(alice.end()).isEqualTo("3005 connection expired");
        }
    }

    @Test
    void nothingNeedsTheUserToBeThere() {
        assertThat(server.call("subscribe", "{\"user\":\"absent\",\"channel\":\"met:x\"}"))
                .isEqualTo(DONE);
        assertThat(server.call("unsubscribe", "{\"user\":\"absent\",\"channel\":\"met:x\"}"))
                .isEqualTo(DONE);
        assertThat(server.call("disconnect", "{\"user\":\"absent\"}")).isEqualTo(DONE);
        assertThat(server.call("refresh", "{\"user\":\"absent\"}")).isEqualTo(DONE);
    }
}
