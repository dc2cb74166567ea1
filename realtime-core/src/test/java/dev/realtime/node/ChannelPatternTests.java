package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Globs over channel names. */
class ChannelPatternTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat:room | chat:room",
                "* | chat:room",
                "chat:* | chat:room",
                "chat:* | chat:",
                "*room | chat:room",
                "*a*b* | xaxbx",
                "** | anything",
                "chat:? | chat:1",
                "? | \uD83D\uDE00",
                "[a-c]x | bx",
                "[abz]x | zx",
                "[a-cx-z] | y",
                "[!a-c]x | dx",
                "[-a] | -",
                "[a-] | -",
                "[a!] | !",
                "[^a] | ^",
                "[\\]] | ]",
                "[\\!a] | !",
                "[*] | *",
                "{news,chat}:* | chat:1",
                "{news,chat}:* | news:1",
                "a{b,}c | ac",
                "a{b,}c | abc",
                "{a,{b,c}d}e | cde",
                "{a*,?b}c | axyc",
                "\\* | *",
                "\\\\ | \\",
                "\\{a,b} | {a,b}",
                "a,b | a,b",
                "a} | a}",
                "a] | a]",
                "(a)+.$^ | (a)+.$^",
                "\\Qa | Qa",
                "ка* | канал",
            })
    void globMatchesTheWholeName(String pattern, String name) {
        assertThat(ChannelPattern.compile(pattern).test(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat:room | chat:room2",
                "chat:room | Chat:room",
                "chat:* | news:chat:1",
                "*room | chat:rooms",
                "chat:? | chat:",
                "chat:? | chat:12",
                "[a-c]x | dx",
                "[!a-c]x | ax",
                "[!a] | ''",
                "{news,chat}:* | new:1",
                "{a,b} | ab",
                "{a,b} | 'a,b'",
                "\\* | a",
                "a.c | abc",
            })
    void globThatDoesNotFitTheWholeNameDoesNotMatch(String pattern, String name) {
        assertThat(ChannelPattern.compile(pattern).test(name)).isFalse();
    }

    @Test
    void emptyPatternMatchesEveryName() {
        assertThat(ChannelPattern.compile("").test("chat:room")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\    | it ends with a backslash",
                "[a-z   | a [ has no closing ]",
                "[      | a [ has no closing ]",
                "[!     | a [ has no closing ]",
                "[a\\   | it ends with a backslash",
                "[]     | a class of characters is empty",
                "[!]    | a class of characters is empty",
                "[z-a]  | a range of a class ends before it begins",
                "{a,b   | a { has no closing }",
                "{a,{b} | a { has no closing }",
            })
    void brokenGlobIsRefusedWithTheRuleItBreaks(String pattern, String rule) {
        assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> ChannelPattern.compile(pattern))
                .withMessage("The channel pattern is not a valid glob: " + rule + ". Correct it, or leave it empty.")
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(ClientError.BAD_REQUEST));
    }

    @Test
    void patternOverTheLimitIsRefused() {
        assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> ChannelPattern.compile("a".repeat(256)))
                .withMessageContaining("it is longer than 255 characters");
    }

    @Test
    void hostilePatternTakesNoLongerThanAnother() {
        String name = "a".repeat(60_000);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(ChannelPattern.compile("*a".repeat(120) + "b").test(name))
                    .isFalse();
            assertThat(ChannelPattern.compile("{a,a*}".repeat(40) + "b").test(name))
                    .isFalse();
            assertThat(ChannelPattern.compile("{".repeat(120) + "a" + "}".repeat(120))
                            .test(name))
                    .isFalse();
        });
    }
}
