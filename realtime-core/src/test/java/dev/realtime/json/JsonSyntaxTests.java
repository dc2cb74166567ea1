package dev.realtime.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonSyntax.Verdict;
import dev.realtime.protocol.Mutations;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

class JsonSyntaxTests {

    private static final long SEED = 20_240_229;

    private static final int DEPTH = Payload.MAX_JSON_DEPTH;

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-1.5e+10",
                "1E400",
                "123456789012345678901234567890",
                "\"\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"",
                "\"\\ud800\"",
                "\"é漢😀\u007f\u2028\"",
                "{}",
                "[]",
                "{\"\":[]}",
                "{\"a\":1,\"a\":2}",
                " \t[ 1 , { \"a\" : \"b\" } ] "
            })
    void wellFormedTextIsJson(String text) {
        assertThat(check(text)).isEqualTo(Verdict.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n1", "1\r\n", "[\n]", "[1,\r2]", "{\n\"a\":1}", "{\"a\"\n:1}", "{\"a\":\r1}", "{\"a\":1\n}"})
    void rawLineBreaksBetweenTokensAreReported(String text) {
        assertThat(check(text)).isEqualTo(Verdict.JSON_WITH_LINE_BREAKS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "nul",
                "nulL",
                "True",
                "NaN",
                "Infinity",
                "undefined",
                "+1",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x1",
                "1 2",
                "--1",
                "'a'",
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u123",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "\u0000",
                "{",
                "}",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1]",
                "{\"a\":}",
                "{\"a\"}",
                "[]]",
                "{}x",
                "// no\n1",
                "1/**/",
                "\ufeff1",
                "\u00a01"
            })
    void anythingElseIsNotJson(String text) {
        assertThat(check(text)).isEqualTo(Verdict.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c0af",
                "c1bf",
                "c3",
                "c328",
                "e0809f",
                "e09fbf",
                "e282",
                "e28228",
                "eda080",
                "edbfbf",
                "f08f8080",
                "f0808080",
                "f09f98",
                "f09f9828",
                "f4908080",
                "f5808080",
                "f8888080",
                "fe",
                "ff",
                "e2c3a9"
            })
    void brokenUtf8InsideAStringIsNotJson(String hexadecimal) {
        byte[] broken = HexFormat.of().parseHex("22" + hexadecimal + "22");
        byte[] brokenAtTheEnd = HexFormat.of().parseHex("22" + hexadecimal);

        assertThat(check(broken)).isEqualTo(Verdict.NOT_JSON);
        assertThat(check(brokenAtTheEnd)).isEqualTo(Verdict.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"})
    void firstAndLastCharactersOfEachUtf8LengthAreJson(String hexadecimal) {
        assertThat(check(HexFormat.of().parseHex("22" + hexadecimal + "22"))).isEqualTo(Verdict.JSON);
    }

    @Test
    void nestingMayReachTheLimitAndNotPassIt() {
        String deepest = "[".repeat(32) + "{\"a\":".repeat(32) + "1" + "}".repeat(32) + "]".repeat(32);

        assertThat(check(deepest)).isEqualTo(Verdict.JSON);
        assertThat(check("[" + deepest + "]")).isEqualTo(Verdict.NOT_JSON);
        assertThat(check("[".repeat(1_000_000))).isEqualTo(Verdict.NOT_JSON);
    }

    @Test
    void depthZeroAllowsNoObjectOrArray() {
        assertThat(JsonSyntax.check("1".getBytes(StandardCharsets.US_ASCII), 0, 1, 0))
                .isEqualTo(Verdict.JSON);
        assertThat(JsonSyntax.check("[]".getBytes(StandardCharsets.US_ASCII), 0, 2, 0))
                .isEqualTo(Verdict.NOT_JSON);
    }

    @Test
    void onlyTheGivenRangeIsLookedAt() {
        byte[] bytes = "\n[1]\n".getBytes(StandardCharsets.US_ASCII);

        assertThat(JsonSyntax.check(bytes, 1, 3, DEPTH)).isEqualTo(Verdict.JSON);
        assertThat(JsonSyntax.check(bytes, 1, 2, DEPTH)).isEqualTo(Verdict.NOT_JSON);
        assertThat(JsonSyntax.check(bytes, 0, 4, DEPTH)).isEqualTo(Verdict.JSON_WITH_LINE_BREAKS);
    }

    @Test
    void randomTextsAreJsonAsTheyAreForJackson() {
        Random random = new Random(SEED);
        RandomJson json = new RandomJson(random, " \t\r\n");

        for (int round = 0; round < 20_000; round++) {
            byte[] text = json.value(5).getBytes(StandardCharsets.UTF_8);

            assertThat(check(text)).as("round %s of seed %s", round, SEED).isNotEqualTo(Verdict.NOT_JSON);
            assertThat(isJsonForJackson(text))
                    .as("round %s of seed %s", round, SEED)
                    .isTrue();
        }
    }

    @Test
    void mutatedTextsAreJsonExactlyWhenTheyAreForJackson() {
        Random random = new Random(SEED);
        RandomJson json = new RandomJson(random, " \n");
        int stillJson = 0;
        int rounds = 40_000;

        for (int round = 0; round < rounds; round++) {
            byte[] text = Mutations.mutate(json.value(4).getBytes(StandardCharsets.UTF_8), random);
            if (mayHoldHalfASurrogatePair(text)) {
                continue;
            }

            boolean expected = isJsonForJackson(text);

            assertThat(check(text) != Verdict.NOT_JSON)
                    .as("round %s of seed %s", round, SEED)
                    .isEqualTo(expected);
            stillJson += expected ? 1 : 0;
        }

        assertThat(stillJson).isBetween(rounds / 50, rounds * 49 / 50);
    }

    /** Jackson refuses an escaped half of a surrogate pair in a name, RFC 8259 section 8.2 does not. */
    private static boolean mayHoldHalfASurrogatePair(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT)
                .contains("\\ud");
    }

    /** Jackson on its own takes overlong UTF-8 and guesses other encodings, so the decoder of the JDK comes first. */
    private static boolean isJsonForJackson(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text);
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (CharacterCodingException | JacksonException notJson) {
            return false;
        }
    }

    private static Verdict check(String text) {
        return check(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict check(byte[] text) {
        return JsonSyntax.check(text, 0, text.length, DEPTH);
    }
}
