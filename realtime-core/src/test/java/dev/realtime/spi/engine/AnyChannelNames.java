package dev.realtime.spi.engine;

import java.util.List;

/** Channel names that an engine might confuse: with each other, with its own syntax, or with parts of it. */
final class AnyChannelNames {

    static final List<String> ALL = List.of(
            "a",
            "A",
            "a ",
            " a",
            "a b",
            "a\tb",
            "a\r\nb",
            "a\u0000b",
            "a,b",
            "a.b",
            "a_b",
            "a-b",
            "a/b",
            "../a",
            "{a}",
            "{a",
            "a}",
            "{}",
            "{}a",
            "a{}",
            "{a}{b}",
            "}{",
            "a{b}",
            "{a}b",
            "%7Ba%7D",
            "\\u007ba\\u007d",
            ":",
            "a:",
            ":a",
            "a:b",
            "a:b:c",
            "$a",
            "a#",
            "a#1,2",
            "a#2,1",
            "*",
            "?",
            "[a]",
            "\"a\"",
            "'a'",
            "__",
            "é",
            "e\u0301",
            "日本",
            "😀",
            "\uFFFD",
            "{".repeat(255),
            "}".repeat(255),
            "a".repeat(255));

    private AnyChannelNames() {}
}
