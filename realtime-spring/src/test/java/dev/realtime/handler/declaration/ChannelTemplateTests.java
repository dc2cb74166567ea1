package dev.realtime.handler.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which channel names a pattern matches, what its variables are, and which of several patterns comes first. */
class ChannelTemplateTests {

    private static @Nullable Map<String, String> match(String template, String channel) {
        return ChannelTemplate.parse(template).match(channel);
    }

    @Test
    void textMatchesItselfAlone() {
        assertThat(match("news", "news")).isEmpty();
        assertThat(match("news", "newsroom")).isNull();
        assertThat(match("a.b", "axb")).isNull();
    }

    @Test
    void variableStandsForOneOrMoreCharactersButColons() {
        assertThat(match("chat:{room}", "chat:lobby")).containsExactly(Map.entry("room", "lobby"));
        assertThat(match("chat:{room}", "chat:a/b.c#1,2")).containsEntry("room", "a/b.c#1,2");
        assertThat(match("chat:{room}", "chat:")).isNull();
        assertThat(match("chat:{room}", "chat:a:b")).isNull();
    }

    @Test
    void severalVariablesAreTakenApart() {
        assertThat(match("game:{id}:{side}", "game:7:white"))
                .containsEntry("id", "7")
                .containsEntry("side", "white");
    }

    @Test
    void expressionRestrictsAVariable() {
        assertThat(match("order:{id:[0-9]{1,4}}", "order:1234")).containsEntry("id", "1234");
        assertThat(match("order:{id:[0-9]{1,4}}", "order:12345")).isNull();
        assertThat(match("order:{id:(a)(b)}:{side}", "order:ab:x"))
                .containsEntry("id", "ab")
                .containsEntry("side", "x");
    }

    @Test
    void catchAllTakesEverythingToTheEnd() {
        assertThat(match("log:{*path}", "log:a:b/c")).containsEntry("path", "a:b/c");
        assertThat(match("log:{*path}", "log:")).isNull();
    }

    @Test
    void mostSpecificPatternComesFirst() {
        Stream<String> sorted = Stream.of(
                        "{*all}",
                        "chat:{*rest}",
                        "chat:{room}",
                        "chat:{room}:{user}",
                        "chat:lobby",
                        "chat:{room}-admin")
                .map(ChannelTemplate::parse)
                .sorted(ChannelTemplate.MOST_SPECIFIC_FIRST)
                .map(ChannelTemplate::toString);

        assertThat(sorted)
                .containsExactly(
                        "chat:lobby",
                        "chat:{room}-admin",
                        "chat:{room}",
                        "chat:{room}:{user}",
                        "chat:{*rest}",
                        "{*all}");
    }

    @Test
    void namesOfVariablesMakeNoDifference() {
        assertThat(ChannelTemplate.parse("chat:{a}").shape())
                .isEqualTo(ChannelTemplate.parse("chat:{b}").shape());
        assertThat(ChannelTemplate.parse("chat:{a:[0-9]+}").shape())
                .isNotEqualTo(ChannelTemplate.parse("chat:{b}").shape());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chat:{room          | with a variable that does not end
            chat:room}          | with an unmatched `}` at index 9
            chat:*              | with an unmatched `*` at index 5
            chat:{}             | with a variable whose name is not a Java identifier
            chat:{a b}          | with a variable whose name is not a Java identifier
            chat:{a}:{a}        | with two variables named `a`
            chat:{*a}:b         | with text after `{*a}`, which matches the remainder
            chat:{a:[}          | with a malformed expression: Unclosed character class
            """)
    void malformedPatternIsRefusedWithTheReason(String template, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelTemplate.parse(template))
                .withMessageContaining("`" + template + "`")
                .withMessageEndingWith(reason);
    }

    @Test
    void emptyPatternIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChannelTemplate.parse(""));
    }
}
