package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import org.junit.jupiter.api.Test;

/** What the API says about channels and nodes. */
@OnEachStack
class ChannelCallTests {

    private static final String EPOCH = "\"epoch\":\"[^\"]+\"";

    private final ApiServer server;

    ChannelCallTests(ApiServer server) {
        this.server = server;
    }

    @Test
    void presenceOfAnEmptyChannelIsWritten() {
        assertThat(server.call("presence", "{\"channel\":\"met:nobody\"}"))
                .isEqualTo(Answer.json("{\"result\":{\"presence\":{}}}"));
        assertThat(server.call("presence_stats", "{\"channel\":\"met:nobody\"}"))
                .isEqualTo(Answer.json("{\"result\":{\"num_clients\":0,\"num_users\":0}}"));
    }

    @Test
    void presenceNamesWhoIsThere() {
        try (Visitor alice = Visitor.connect(server, "alice")) {
            alice.subscribe("met:alice");

            String id = alice.clientId();
            assertThat(server.call("presence", "{\"channel\":\"met:alice\"}"))
                    .isEqualTo(Answer.json("{\"result\":{\"presence\":{\"" + id + "\":{\"user\":\"alice\",\"client\":\""
                            + id + "\",\"conn_info\":{\"is\":\"here\"}}}}}"));
            assertThat(server.call("presence_stats", "{\"channel\":\"met:alice\"}"))
                    .isEqualTo(Answer.json("{\"result\":{\"num_clients\":1,\"num_users\":1}}"));
        }
    }

    @Test
    void anonymousUserIsWrittenInPresence() {
        try (Visitor nobody = Visitor.connect(server, "")) {
            nobody.subscribe("met:anonymous");

            assertThat(server.call("presence", "{\"channel\":\"met:anonymous\"}")
                            .body())
                    .contains("{\"user\":\"\",\"client\":\"" + nobody.clientId() + "\"");
        }
    }

    @Test
    void historyOfAnUnusedChannelIsItsPosition() {
        assertThat(server.call("history", "{\"channel\":\"kept:unused\",\"limit\":-1}")
                        .body())
                .matches("\\{\"result\":\\{\"publications\":\\[],EPOCH,\"offset\":0}}".replace("EPOCH", EPOCH));
    }

    @Test
    void historyIsReadFromEitherEndSinceAPlaceAndUpToALimit() {
        for (int number = 1; number <= 5; number++) {
            server.call("publish", "{\"channel\":\"kept:five\",\"data\":" + number + "}");
        }

        assertThat(data("")).isEmpty();
        assertThat(data("\"limit\":-1")).isEqualTo("12345");
        assertThat(data("\"limit\":2")).isEqualTo("12");
        assertThat(data("\"limit\":2,\"reverse\":true")).isEqualTo("54");
        assertThat(data("\"limit\":-1,\"since\":{\"offset\":3}")).isEqualTo("45");
        assertThat(data("\"limit\":-1,\"since\":{\"offset\":3,\"epoch\":\"\"},\"reverse\":true"))
                .isEqualTo("21");
        assertThat(data("\"limit\":-1,\"since\":{\"offset\":5}")).isEmpty();
        assertThat(data("\"limit\":-1,\"since\":{\"offset\":18446744073709551615}"))
                .isEmpty();
        assertThat(data("\"limit\":-1,\"since\":null")).isEqualTo("12345");
    }

    private String data(String query) {
        String reply = server.call("history", "{\"channel\":\"kept:five\"" + (query.isEmpty() ? "" : ",") + query + "}")
                .body();
        assertThat(reply).matches(".*EPOCH,\"offset\":5}}".replace("EPOCH", EPOCH));
        return reply.replaceAll("\\{\"data\":(\\d),\"offset\":\\1},?", "$1").replaceAll(".*\\[|].*", "");
    }

    @Test
    void removedHistoryKeepsThePosition() {
        server.call("publish", "{\"channel\":\"kept:removed\",\"data\":1}");

        assertThat(server.call("history_remove", "{\"channel\":\"kept:removed\"}"))
                .isEqualTo(Answer.json("{\"result\":{}}"));
        assertThat(server.call("history", "{\"channel\":\"kept:removed\",\"limit\":-1}")
                        .body())
                .contains("\"publications\":[]", "\"offset\":1");
    }

    @Test
    void channelsWithSubscribersAreListedByPattern() {
        try (Visitor alice = Visitor.connect(server, "alice");
                Visitor bob = Visitor.connect(server, "bob")) {
            alice.subscribe("met:list-1");
            alice.subscribe("met:list-2");
            bob.subscribe("met:list-2");

            assertThat(server.call("channels", "{\"pattern\":\"met:list-*\"}"))
                    .isEqualTo(Answer.json("{\"result\":{\"channels\":{\"met:list-1\":{\"num_clients\":1},"
                            + "\"met:list-2\":{\"num_clients\":2}}}}"));
            assertThat(server.call("channels", "{}").body()).contains("\"met:list-1\":{\"num_clients\":1}");
            assertThat(server.call("channels", "{\"pattern\":\"list\"}"))
                    .isEqualTo(Answer.json("{\"result\":{\"channels\":{}}}"));
        }
    }

    @Test
    void infoDescribesTheNodeWithItsZeros() {
        assertThat(server.call("info", "{}").body())
                .matches("\\{\"result\":\\{\"nodes\":\\[\\{\"uid\":\"[^\"]+\",\"name\":\"[^\"]+\","
                        + "\"version\":\"[^\"]+\","
                        + "\"num_clients\":\\d+,\"num_users\":\\d+,\"num_channels\":\\d+,"
                        + "(\"uptime\":\\d+,)?\"num_subs\":\\d+}]}}");
    }
}
