package dev.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact texts a JSON client receives: every field once written and once left out. */
class JsonReplyTests {

    private static final Payload DATA = Payload.ofText("{\"text\":\"hi\"}");

    private static final ClientInfo INFO =
            new ClientInfo("42", "c1", Payload.ofText("{\"name\":\"Ann\"}"), Payload.ofText("[1]"));

    private static final ClientInfo ANONYMOUS = new ClientInfo("", "", null, null);

    private static final Result.Subscribe NOTHING =
            new Result.Subscribe(false, 0, false, "", List.of(), false, 0, false, null, false, false, 0, 0);

    @Test
    void errorIsTemporaryOnlyWhenItSaysSo() {
        assertReply(
                new Reply.Failure(1, ClientError.ALREADY_SUBSCRIBED),
                "{\"id\":1,\"error\":{\"code\":105,\"message\":\"already subscribed\"}}");
        assertReply(
                new Reply.Failure(1, ClientError.INTERNAL),
                "{\"id\":1,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}");
    }

    @Test
    void idIsUnsignedAndLeftOutWhenZero() {
        assertReply(new Reply.Success(0, new Result.Publish()), "{\"publish\":{}}");
        assertReply(new Reply.Success(0xffff_ffffL, new Result.Publish()), "{\"id\":4294967295,\"publish\":{}}");
    }

    @Test
    void emptyResultsAreEmptyObjectsUnderTheirNames() {
        assertResult(new Result.Publish(), "\"publish\":{}");
        assertResult(new Result.Unsubscribe(), "\"unsubscribe\":{}");
        assertResult(new Result.Rpc(null), "\"rpc\":{}");
        assertResult(NOTHING, "\"subscribe\":{}");
        assertResult(new Result.Refresh(false, 0), "\"refresh\":{}");
        assertResult(new Result.SubRefresh(false, 0), "\"sub_refresh\":{}");
        assertResult(new Result.Connect("", "", false, 0, null, Map.of(), 0, false, "", "", 0), "\"connect\":{}");
    }

    @Test
    void connectResult() {
        Map<String, Result.Subscribe> subs = new LinkedHashMap<>();
        subs.put("a\"b", NOTHING);
        subs.put(
                "news", new Result.Subscribe(false, 0, true, "e", List.of(), false, 3, true, null, false, false, 0, 0));

        assertResult(
                new Result.Connect("c1", "1.0", true, 60, DATA, subs, 25, true, "s", "n", 1_700_000_000_000L),
                "\"connect\":{\"client\":\"c1\",\"version\":\"1.0\",\"expires\":true,\"ttl\":60,"
                        + "\"data\":{\"text\":\"hi\"},"
                        + "\"subs\":{\"a\\\"b\":{},\"news\":{\"recoverable\":true,\"epoch\":\"e\",\"offset\":3,"
                        + "\"positioned\":true}},\"ping\":25,\"pong\":true,\"session\":\"s\",\"node\":\"n\","
                        + "\"time\":1700000000000}");
    }

    @Test
    void subscribeResult() {
        List<Publication> publications = List.of(
                new Publication(DATA, null, 1, Map.of()), new Publication(Payload.ofText("null"), INFO, 2, Map.of()));

        assertResult(
                new Result.Subscribe(true, 60, true, "e", publications, true, -1, true, DATA, true, true, 0, 250),
                "\"subscribe\":{\"expires\":true,\"ttl\":60,\"recoverable\":true,\"epoch\":\"e\",\"publications\":["
                        + "{\"data\":{\"text\":\"hi\"},\"offset\":1},"
                        + "{\"data\":null,\"info\":{\"user\":\"42\",\"client\":\"c1\",\"conn_info\":{\"name\":\"Ann\"},"
                        + "\"chan_info\":[1]},\"offset\":2}],\"recovered\":true,\"offset\":18446744073709551615,"
                        + "\"positioned\":true,\"data\":{\"text\":\"hi\"},\"was_recovering\":true,\"delta\":true,"
                        + "\"publish_debounce\":250}");
    }

    @Test
    void presenceIsWrittenEvenWhenNobodyIsThere() {
        assertResult(new Result.Presence(Map.of()), "\"presence\":{\"presence\":{}}");
        assertResult(
                new Result.Presence(Map.of("c1", INFO)),
                "\"presence\":{\"presence\":{\"c1\":{\"user\":\"42\",\"client\":\"c1\","
                        + "\"conn_info\":{\"name\":\"Ann\"},"
                        + "\"chan_info\":[1]}}}");
    }

    @Test
    void presenceStatsAreWrittenEvenWhenZero() {
        assertResult(new Result.PresenceStats(0, 0), "\"presence_stats\":{\"num_clients\":0,\"num_users\":0}");
        assertResult(new Result.PresenceStats(3, 2), "\"presence_stats\":{\"num_clients\":3,\"num_users\":2}");
    }

    @Test
    void historyIsWrittenEvenWhenEmpty() {
        assertResult(
                new Result.History(List.of(), StreamPosition.NONE),
                "\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}");
        assertResult(
                new Result.History(List.of(new Publication(DATA, null, 7, Map.of())), new StreamPosition(7, "e")),
                "\"history\":{\"publications\":[{\"data\":{\"text\":\"hi\"},\"offset\":7}],"
                        + "\"epoch\":\"e\",\"offset\":7}");
    }

    @Test
    void otherResults() {
        assertResult(new Result.Rpc(DATA), "\"rpc\":{\"data\":{\"text\":\"hi\"}}");
        assertResult(new Result.Refresh(true, 60), "\"refresh\":{\"expires\":true,\"ttl\":60}");
        assertResult(new Result.SubRefresh(true, 60), "\"sub_refresh\":{\"expires\":true,\"ttl\":60}");
    }

    @Test
    void publicationPush() {
        assertPush(
                new Push.Pub("chat", Publication.of(DATA)),
                "\"channel\":\"chat\",\"pub\":{\"data\":{\"text\":\"hi\"}}");
        assertPush(
                new Push.Pub("chat", new Publication(DATA, ANONYMOUS, 5, Map.of("a", "b"))),
                "\"channel\":\"chat\",\"pub\":{\"data\":{\"text\":\"hi\"},\"info\":{\"user\":\"\",\"client\":\"\"},"
                        + "\"offset\":5,\"tags\":{\"a\":\"b\"}}");
        assertPush(
                new Push.Pub("chat", Publication.of(DATA).at(6).withVersion(-1).withEpoch("xyz")),
                "\"channel\":\"chat\",\"pub\":{\"data\":{\"text\":\"hi\"},\"offset\":6,\"epoch\":\"xyz\","
                        + "\"version\":18446744073709551615}");
    }

    @Test
    void joinAndLeavePushes() {
        assertPush(
                new Push.Join("chat", ANONYMOUS),
                "\"channel\":\"chat\",\"join\":{\"info\":{\"user\":\"\",\"client\":\"\"}}");
        assertPush(
                new Push.Leave("chat", new ClientInfo("42", "c1", null, null)),
                "\"channel\":\"chat\",\"leave\":{\"info\":{\"user\":\"42\",\"client\":\"c1\"}}");
    }

    @Test
    void subscriptionPushes() {
        StreamPosition position = new StreamPosition(3, "e");

        assertPush(
                new Push.Subscribed("chat", true, true, position, DATA),
                "\"channel\":\"chat\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"e\",\"offset\":3,"
                        + "\"positioned\":true,\"data\":{\"text\":\"hi\"}}");
        assertPush(
                new Push.Subscribed("chat", false, true, position, null),
                "\"channel\":\"chat\",\"subscribe\":{\"epoch\":\"e\",\"offset\":3,\"positioned\":true}");
        assertPush(new Push.Subscribed("chat", false, false, position, null), "\"channel\":\"chat\",\"subscribe\":{}");
        assertPush(
                new Push.Unsubscribed("chat", Unsubscribe.INSUFFICIENT_STATE),
                "\"channel\":\"chat\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}");
    }

    @Test
    void connectionPushes() {
        assertPush(new Push.Message(DATA), "\"message\":{\"data\":{\"text\":\"hi\"}}");
        assertPush(
                new Push.Connected(new Result.Connect("c1", "1.0", false, 0, null, Map.of(), 25, false, "s", "", 0)),
                "\"connect\":{\"client\":\"c1\",\"version\":\"1.0\",\"ping\":25,\"session\":\"s\"}");
        assertPush(
                new Push.Disconnected(Disconnect.BAD_REQUEST),
                "\"disconnect\":{\"code\":3501,\"reason\":\"bad request\"}");
        assertPush(new Push.Refreshed(true, 60), "\"refresh\":{\"expires\":true,\"ttl\":60}");
        assertPush(new Push.Refreshed(false, 0), "\"refresh\":{}");
    }

    @Test
    void pingIsAnEmptyObject() {
        WireWriter out = new WireWriter();

        JsonCodec.INSTANCE.writePing(out);

        assertThat(text(out)).isEqualTo("{}");
    }

    @Test
    void stringsEscapeWhatTheyMustAndNothingElse() {
        String channel = "\"\\/\b\f\n\r\t\u0000\u001f\u007f é漢😀\u2028<>&";

        assertPush(
                new Push.Pub(channel, Publication.of(Payload.ofText("1"))),
                "\"channel\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f é漢😀\u2028<>&\",\"pub\":{\"data\":1}");
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() {
        assertPush(
                new Push.Pub("a\ud83d", Publication.of(Payload.ofText("1"))),
                "\"channel\":\"a\ufffd\",\"pub\":{\"data\":1}");
        assertPush(
                new Push.Pub("\ude00b", Publication.of(Payload.ofText("1"))),
                "\"channel\":\"\ufffdb\",\"pub\":{\"data\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.50",
                "{ \"b\" : 1, \"a\" : [ ] }",
                "12345678901234567890123",
                "\"\\u00e9\\/\\ud800\"",
                "null",
                "\"\""
            })
    void payloadsAreInlineByteForByte(String data) {
        assertPush(
                new Push.Pub("chat", Publication.of(Payload.ofText(data))),
                "\"channel\":\"chat\",\"pub\":{\"data\":" + data + "}");
    }

    @Test
    void rawLineBreaksOfAPayloadAreLeftOut() {
        Payload data = Payload.ofText("\r\n{\n  \"a\\n\" :\r\n [1,\n2]\n}\n");

        assertPush(
                new Push.Pub("chat", Publication.of(data)),
                "\"channel\":\"chat\",\"pub\":{\"data\":{  \"a\\n\" : [1,2]}}");
    }

    @Test
    void payloadThatIsNotJsonIsNotCarried() {
        Payload data = Payload.of(new byte[] {1, 2, 3});

        assertThat(JsonCodec.INSTANCE.carries(data)).isFalse();
        assertThat(JsonCodec.INSTANCE.carries(DATA)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.INSTANCE.writePush(new Push.Message(data), new WireWriter()))
                .withMessage("A payload that is not JSON cannot be written to a JSON client."
                        + " Ask ProtocolCodec.carries first, and disconnect the client with code 3506.");
    }

    private static void assertResult(Result result, String expected) {
        assertReply(new Reply.Success(1, result), "{\"id\":1," + expected + "}");
    }

    private static void assertReply(Reply reply, String expected) {
        WireWriter out = new WireWriter(8);

        JsonCodec.INSTANCE.writeReply(reply, out);

        assertThat(text(out)).isEqualTo(expected);
    }

    private static void assertPush(Push push, String expected) {
        WireWriter out = new WireWriter(8);

        JsonCodec.INSTANCE.writePush(push, out);

        assertThat(text(out)).isEqualTo("{\"push\":{" + expected + "}}");
    }

    private static String text(WireWriter out) {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
