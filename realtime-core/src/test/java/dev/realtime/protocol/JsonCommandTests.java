package dev.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.RandomJson;
import dev.realtime.protocol.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Texts a JSON client may send, and those it may not. */
class JsonCommandTests {

    private static final long SEED = 20_240_229;

    private static final String NOT_AN_ID = "`id` must be an integer from 0 to 4294967295.";

    private static final String NOT_AN_OFFSET = "`offset` must be an integer from 0 to 18446744073709551615.";

    private static final String NOT_A_LIMIT = "`limit` must be an integer from -2147483648 to 2147483647.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"publish\":{\"channel\":\"chat\",\"data\":{}}}",
                "{\"id\":1,\"publish\":{\"channel\":\"chat\",\"data\":{}}}\n",
                "{\"id\":1,\"publish\":{\"channel\":\"chat\",\"data\":{}}}\r\n",
                " \t{ \"id\" : 1 ,\r\"publish\" : { \"channel\" : \"chat\" , \"data\" : {} } } ",
                "{\"publish\":{\"data\":{},\"channel\":\"chat\"},\"id\":1}",
                "{\"x\":[{\"y\":[1,\"z\",null]}],\"id\":1,\"publish\":{\"tags\":{},\"channel\":\"chat\",\"data\":{}}}",
                "{\"\\u0069d\":1,\"pub\\u006cish\":{\"ch\\u0061nnel\":\"ch\\u0061t\",\"d\\u0061ta\":{}}}",
                "{\"id\":9,\"publish\":{\"channel\":\"a\",\"channel\":\"chat\",\"data\":1,\"data\":{}},\"id\":1}",
                "{\"publish\":{\"channel\":\"a\"},\"id\":1,\"publish\":{\"channel\":\"chat\",\"data\":{}}}"
            })
    void theSameCommandMayBeWrittenInManyWays(String text) throws MalformedFrameException {
        assertThat(read(text)).containsExactly(new Command(1, new Request.Publish("chat", Payload.ofText("{}"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.50",
                "12345678901234567890123456789012345678901234567890",
                "{\"b\":1,\"a\":2,\"b\":3}",
                "\"\\ud800\\u00E9\\/\"",
                "null",
                "\"\"",
                "{ \"a\" :\t[ ] }",
                "\"漢😀\"",
                "-0",
                "false",
                "{\"\\u0061\":1E400}"
            })
    void dataIsPassedOnByteForByte(String data) throws MalformedFrameException {
        Request.Publish publish =
                (Request.Publish) request("{\"publish\":{\"channel\":\"chat\",\"data\": " + data + " }}");

        assertThat(publish.data().text()).isEqualTo(data);
        assertThat(publish.data().isJson()).isTrue();
        assertThat(publish.data().hasLineBreaks()).isFalse();
    }

    @Test
    void absentDataIsNull() throws MalformedFrameException {
        assertThat(request("{\"publish\":{\"channel\":\"chat\"}}")).isEqualTo(new Request.Publish("chat", null));
    }

    @Test
    void lineBreaksAreReportedForTheDataTheyStandIn() throws MalformedFrameException {
        Request.Publish around = (Request.Publish) request("{\"publish\":{\r\"data\":\r[1]\r}}");
        Request.Publish inside = (Request.Publish) request("{\"publish\":{\"data\":[\r1]}}");

        assertThat(around.data().hasLineBreaks()).isFalse();
        assertThat(around.data().text()).isEqualTo("[1]");
        assertThat(inside.data().hasLineBreaks()).isTrue();
    }

    @Test
    void nullStandsForAnAbsentValue() throws MalformedFrameException {
        assertThat(read("{\"id\":null,\"history\":{\"channel\":null,\"limit\":null,\"since\":null,\"reverse\":null}}"))
                .containsExactly(new Command(0, new Request.History("", 0, null, false)));
        assertThat(request("{\"connect\":{\"subs\":null,\"headers\":null}}"))
                .isEqualTo(new Request.Connect("", null, Map.of(), "", "", Map.of()));
        assertThat(request("{\"connect\":{\"subs\":{\"chat\":null}}}"))
                .isEqualTo(
                        new Request.Connect("", null, Map.of("chat", Request.Subscribe.to("chat")), "", "", Map.of()));
        assertThat(request("{\"subscribe\":{\"channel\":\"chat\",\"tf\":null}}"))
                .isEqualTo(Request.Subscribe.to("chat"));
    }

    @Test
    void subOfConnectTakesItsChannelFromTheKey() throws MalformedFrameException {
        Request.Connect connect = (Request.Connect)
                request("{\"connect\":{\"subs\":{\"ch\\u0061t\":{\"channel\":\"other\",\"recover\":true}}}}");

        assertThat(connect.subs().get("chat").channel()).isEqualTo("chat");
        assertThat(connect.subs().get("chat").recover()).isTrue();
    }

    @Test
    void fieldNamesInOtherLetterCaseAreUnknown() throws MalformedFrameException {
        assertThat(read("{\"ID\":1,\"Publish\":{}}")).containsExactly(new Command(0, null));
    }

    @Test
    void pingCommandIsNoRequest() throws MalformedFrameException {
        assertThat(read("{\"id\":1,\"ping\":{}}")).containsExactly(new Command(1, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\ud800              | ?",
                "\\uDFFFa             | ?a",
                "\\ud83d\\ud83d\\ude00 | ?😀",
                "\\ude00\\ud83d        | ??",
                "\\ud83dA\\ude00       | ?A?",
                "a\\n\\\"\\\\\\/é\\u00e9\\uD83D\\ude00 | a\\n\"\\/éé😀"
            })
    void escapesInStringsAreDecodedAndHalfSurrogatePairsReplaced(String escaped, String expected)
            throws MalformedFrameException {
        String channel = expected.replace('?', '\ufffd').replace("\\n", "\n");

        assertThat(request("{\"presence\":{\"channel\":\"" + escaped + "\"}}"))
                .isEqualTo(new Request.Presence(channel));
    }

    @Test
    void randomStringsReadAsJacksonReadsThem() throws MalformedFrameException {
        RandomJson json = new RandomJson(new Random(SEED), "");
        JsonMapper jackson = new JsonMapper();

        for (int round = 0; round < 5_000; round++) {
            String string = json.string();

            assertThat(request("{\"presence\":{\"channel\":" + string + "}}"))
                    .as("round %s of seed %s", round, SEED)
                    .isEqualTo(new Request.Presence(jackson.readValue(string, String.class)));
        }
    }

    @Test
    void numbersReachBothEndsOfTheirRanges() throws MalformedFrameException {
        assertThat(read("{\"id\":4294967295}")).containsExactly(new Command(0xffff_ffffL, null));
        assertThat(history("-2147483648", "18446744073709551615"))
                .isEqualTo(new Request.History("", Integer.MIN_VALUE, new StreamPosition(-1, ""), false));
        assertThat(history("2147483647", "9223372036854775808"))
                .isEqualTo(new Request.History("", Integer.MAX_VALUE, new StreamPosition(Long.MIN_VALUE, ""), false));
        assertThat(((Request.Subscribe) request("{\"subscribe\":{\"flag\":-9223372036854775808}}")).flag())
                .isEqualTo(Long.MIN_VALUE);
        assertThat(((Request.Subscribe) request("{\"subscribe\":{\"flag\":9223372036854775807}}")).flag())
                .isEqualTo(Long.MAX_VALUE);
    }

    private static Request history(String limit, String offset) throws MalformedFrameException {
        return request("{\"history\":{\"limit\":" + limit + ",\"since\":{\"offset\":" + offset + "}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0",
                "2.0",
                "1e3",
                "1.5",
                "\"7\"",
                "4294967296",
                "18446744073709551616",
                "99999999999999999999",
                "true",
                "[1]",
                "{}"
            })
    void anythingElseIsNoId(String value) {
        assertMalformed("{\"id\":" + value + "}", NOT_AN_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "2.0",
                "1e3",
                "\"7\"",
                "18446744073709551616",
                "18446744073709551620",
                "28446744073709551615",
                "99999999999999999999",
                "100000000000000000000"
            })
    void anythingElseIsNoOffset(String value) {
        assertMalformed("{\"subscribe\":{\"offset\":" + value + "}}", NOT_AN_OFFSET);
        assertMalformed("{\"history\":{\"since\":{\"offset\":" + value + "}}}", NOT_AN_OFFSET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "-2147483649", "2.0", "\"7\"", "9223372036854775808", "18446744073709551615"})
    void anythingElseIsNoLimit(String value) {
        assertMalformed("{\"history\":{\"limit\":" + value + "}}", NOT_A_LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-9223372036854775809", "9223372036854775808", "18446744073709551615", "1.0"})
    void anythingElseIsNoFlag(String value) {
        assertMalformed(
                "{\"subscribe\":{\"flag\":" + value + "}}",
                "`flag` must be an integer from -9223372036854775808 to 9223372036854775807.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x                                      | A command must be a JSON object.",
                "null                                   | A command must be a JSON object.",
                "[]                                     | A command must be a JSON object.",
                "[{\"id\":1}]                           | A command must be a JSON object.",
                "\"id\"                                 | A command must be a JSON object.",
                "7                                      | A command must be a JSON object.",
                "{\"id\":1} {\"id\":2}                  | Nothing but a line feed must follow a command.",
                "{\"id\":1}x                            | Nothing but a line feed must follow a command.",
                "{\"id\":1}}                            | Nothing but a line feed must follow a command.",
                "{\"connect\":\"x\"}                    | `connect` must be a JSON object.",
                "{\"publish\":[]}                       | `publish` must be a JSON object.",
                "{\"rpc\":7}                            | `rpc` must be a JSON object.",
                "{\"subscribe\":null}                   | A request must not be null.",
                "{\"presence\":{\"channel\":7}}         | `channel` must be a JSON string.",
                "{\"presence\":{\"channel\":[\"a\"]}}   | `channel` must be a JSON string.",
                "{\"subscribe\":{\"epoch\":7}}          | `epoch` must be a JSON string.",
                "{\"subscribe\":{\"recover\":1}}        | `recover` must be true or false.",
                "{\"subscribe\":{\"recover\":\"true\"}} | `recover` must be true or false.",
                "{\"subscribe\":{\"tf\":[]}}            | `tf` must be a JSON object.",
                "{\"subscribe\":{\"tf\":{\"vals\":{}}}} | `vals` must be a JSON array.",
                "{\"subscribe\":{\"tf\":{\"vals\":[1]}}} | `vals` must be a JSON string.",
                "{\"subscribe\":{\"tf\":{\"nodes\":[1]}}} | `nodes` must be a JSON object.",
                "{\"subscribe\":{\"tf\":{\"nodes\":[null]}}} | A node of a tags filter must not be null.",
                "{\"history\":{\"since\":7}}            | `since` must be a JSON object.",
                "{\"connect\":{\"subs\":[]}}            | `subs` must be a JSON object.",
                "{\"connect\":{\"subs\":{\"a\":1}}}     | `subs` must be a JSON object.",
                "{\"connect\":{\"headers\":{\"a\":1}}}  | `headers` must be a JSON string.",
                "{\"send\":{},\"connect\":{\"token\":1}} | `token` must be a JSON string.",
                "{\"connect\":{},\"send\":7}            | `send` must be a JSON object.",
                "{                                      | A field of a JSON object must begin with its name in"
                        + " quotation marks.",
                "{id:1}                                 | A field of a JSON object must begin with its name in"
                        + " quotation marks.",
                "{\"id\":1,}                            | A field of a JSON object must begin with its name in"
                        + " quotation marks.",
                "{\"id\" 1}                             | A colon must follow the name of a JSON field.",
                "{\"id\":1 \"x\":2}                     | A comma must separate two items of a JSON object or array.",
                "{\"id\":01}                            | A comma must separate two items of a JSON object or array.",
                "{\"id\":1                              | A comma must separate two items of a JSON object or array.",
                "{\"x\":[1 2]}                          | A comma must separate two items of a JSON object or array.",
                "{\"x\":}                               | A JSON value must be an object, an array, a string, a"
                        + " number, true, false or null.",
                "{\"x\":                                | JSON must not end before a value.",
                "{\"x\":nil}                            | A JSON literal must be true, false or null.",
                "{\"x\":tru                             | A JSON literal must be true, false or null.",
                "{\"x\":1.}                             | A JSON number must have digits as RFC 8259 requires.",
                "{\"x                                   | A JSON string must end with a quotation mark.",
                "{\"x\":\"a\tb\"}                       | A JSON string must not hold raw control characters.",
                "{\"x\":\"\\x\"}                        | A backslash in a JSON string must begin an escape of"
                        + " RFC 8259.",
                "{\"publish\":{\"data\":}}              | A JSON value must be an object, an array, a string, a"
                        + " number, true, false or null.",
                "{\"publish\":{\"data\":{\"a\"}}}       | A colon must follow the name of a JSON field."
            })
    void brokenCommandNamesTheRule(String text, String rule) {
        assertMalformed(text, rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " ", "\r\n", "\t \r", "\n{}", "{}\n\n", "{}\n \n{}"})
    void blankLineIsMalformed(String frame) {
        assertMalformed(frame, "A line must hold a command, it must not be blank.");
    }

    @Test
    void lineFeedInsideACommandEndsIt() {
        assertMalformed("{\"id\":\n1}", "`id` must be an integer from 0 to 4294967295.");
        assertMalformed("{\"presence\":{\"channel\":\"a\nb\"}}", "A JSON string must end with a quotation mark.");
    }

    @Test
    void rawNulIsMalformed() {
        assertMalformed("\0", "A command must be a JSON object.");
        assertMalformed("{\"id\":1}\0", "Nothing but a line feed must follow a command.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c3", "c0af", "eda080", "f4908080"})
    void brokenUtf8IsMalformedInKnownAndUnknownFieldsAndInData(String hexadecimal) {
        String broken = new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.ISO_8859_1);

        for (String frame : new String[] {
            "{\"presence\":{\"channel\":\"" + broken + "\"}}",
            "{\"x\":\"" + broken + "\"}",
            "{\"" + broken + "\":1}",
            "{\"send\":{\"data\":\"" + broken + "\"}}"
        }) {
            assertMalformed(frame.getBytes(StandardCharsets.ISO_8859_1), "JSON must be valid UTF-8.");
        }
    }

    @Test
    void commandsBeforeABrokenLineAreHandedOutFirst() throws MalformedFrameException {
        byte[] frame = "{\"id\":1}\n{\"id\":2}\nx".getBytes(StandardCharsets.UTF_8);
        CommandReader reader = JsonCodec.INSTANCE.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);

        assertThat(reader.next()).isEqualTo(new Command(1, null));
        assertThat(reader.next()).isEqualTo(new Command(2, null));
        assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(reader::next);
    }

    @Test
    void dataAndUnknownFieldsMayBeAsDeepAsTheLimitAndNoDeeper() throws MalformedFrameException {
        String deepest = "[".repeat(64) + "]".repeat(64);
        String rule = "JSON must not be nested deeper than the limit.";

        assertThat(((Request.Rpc) request("{\"rpc\":{\"data\":" + deepest + "}}"))
                        .data()
                        .text())
                .isEqualTo(deepest);
        assertThat(read("{\"x\":" + deepest + "}")).hasSize(1);
        assertMalformed("{\"rpc\":{\"data\":[" + deepest + "]}}", rule);
        assertMalformed("{\"x\":[" + deepest + "]}", rule);
        assertMalformed("{\"rpc\":{\"data\":" + "{\"a\":".repeat(10_000) + "}}", rule);
    }

    @Test
    void fieldNamesMayBeAsLongAsTheLimitAndNoLonger() throws MalformedFrameException {
        assertThat(read("{\"" + "x".repeat(256) + "\":1}")).hasSize(1);
        assertMalformed("{\"" + "x".repeat(257) + "\":1}", "The name of a field must not be longer than the limit.");
    }

    @Test
    void numbersOfKnownFieldsMayNotBeLongerThanTheLimit() throws MalformedFrameException {
        assertMalformed("{\"id\":1" + "0".repeat(32) + "}", "A number must not be longer than the limit.");
        assertThat(read("{\"x\":1" + "0".repeat(32) + "}")).hasSize(1);
    }

    @Test
    void eachCommandOfAFrameIsMeasuredAlone() throws MalformedFrameException {
        byte[] frame = "{\"id\":1}\n{\"id\":2}\n{\"id\":3333}".getBytes(StandardCharsets.UTF_8);
        CommandReader reader =
                JsonCodec.INSTANCE.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS.withMessageBytes(8));

        assertThat(reader.next()).isEqualTo(new Command(1, null));
        assertThat(reader.next()).isEqualTo(new Command(2, null));
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(reader::next)
                .withMessage("A command must not be longer than the limit.");
    }

    private static Request request(String command) throws MalformedFrameException {
        return read(command).get(0).request();
    }

    private static List<Command> read(String frame) throws MalformedFrameException {
        return read(frame.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Command> read(byte[] frame) throws MalformedFrameException {
        CommandReader reader = JsonCodec.INSTANCE.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);
        List<Command> commands = new ArrayList<>();
        for (Command command = reader.next(); command != null; command = reader.next()) {
            commands.add(command);
        }
        return commands;
    }

    private static void assertMalformed(String frame, String rule) {
        assertMalformed(frame.getBytes(StandardCharsets.UTF_8), rule);
    }

    private static void assertMalformed(byte[] frame, String rule) {
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(frame))
                .withMessage(rule)
                .satisfies(exception -> assertThat(exception.disconnect()).isEqualTo(Disconnect.BAD_REQUEST));
    }
}
