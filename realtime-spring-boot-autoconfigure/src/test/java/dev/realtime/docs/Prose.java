package dev.realtime.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A passage of natural language in a file of the repository: a comment, a string literal or a line of a page.
 *
 * <p>Java and Kotlin sources are split by a small lexer, because the compiler drops comments and a regular expression
 * confuses them with strings.
 *
 * @param file absolute path
 * @param line number of its first line, from 1
 * @param kind place of the passage in its file
 * @param text without code in backticks, {@code {@code ...}} and {@code {@link ...}}
 */
record Prose(Path file, int line, Kind kind, String text) {

    private static final Pattern INLINE_TAG = Pattern.compile("\\{@(?:code|link|linkplain|literal)\\s[^{}]*}");

    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");

    /** At least three words: names, keys and fragments of JSON are no sentences. */
    private static final Pattern SENTENCE = Pattern.compile("\\p{L}+ \\p{L}+ \\p{L}*");

    /** Place of a passage. */
    enum Kind {
        COMMENT,
        STRING,
        TEXT_BLOCK,
        PAGE
    }

    /** Returns the passages of a Java, Kotlin, Lua or Markdown file. */
    static List<Prose> of(Path file) {
        String text = Repository.read(file);
        String name = file.getFileName().toString();
        if (name.endsWith(".md")) {
            return page(file, text);
        }
        return name.endsWith(".lua") ? lua(file, text) : new Lexer(file, text).passages();
    }

    /** Returns whether the passage is written for a reader, and not a name or a value. */
    boolean isSentence() {
        return kind == Kind.COMMENT
                || kind == Kind.PAGE
                || SENTENCE.matcher(text).find();
    }

    /** Returns the number of lines of the passage. */
    int lines() {
        return Math.toIntExact(text.lines().count());
    }

    private static Prose passage(Path file, int line, Kind kind, String text) {
        // Line breaks inside a tag remain, so that the lines after it keep their numbers.
        String prose = INLINE_TAG
                .matcher(text)
                .replaceAll(
                        tag -> "code" + "\n".repeat((int) tag.group().lines().count() - 1));
        return new Prose(file, line, kind, INLINE_CODE.matcher(prose).replaceAll("code"));
    }

    private static List<Prose> page(Path file, String text) {
        List<Prose> passages = new ArrayList<>();
        boolean code = false;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("```")) {
                code = !code;
            } else if (!code && !line.isBlank()) {
                passages.add(passage(file, number, Kind.PAGE, line));
            }
        }
        return passages;
    }

    private static List<Prose> lua(Path file, String text) {
        List<Prose> passages = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf("--");
            if (comment >= 0) {
                passages.add(passage(file, number, Kind.COMMENT, line.substring(comment + 2)));
            }
        }
        return passages;
    }

    /** Splits a source file into comments and string literals. */
    private static final class Lexer {

        private final Path file;

        private final String source;

        private final List<Prose> passages = new ArrayList<>();

        private int at;

        private int line = 1;

        Lexer(Path file, String source) {
            this.file = file;
            this.source = source;
        }

        List<Prose> passages() {
            while (at < source.length()) {
                if (source.startsWith("//", at)) {
                    add(Kind.COMMENT, 2, end("\n", at + 2), 0);
                } else if (source.startsWith("/*", at)) {
                    add(Kind.COMMENT, 2, end("*/", at + 2), 2);
                } else if (source.startsWith("\"\"\"", at)) {
                    add(Kind.TEXT_BLOCK, 3, unescaped("\"\"\"", at + 3), 3);
                } else if (source.charAt(at) == '"') {
                    add(Kind.STRING, 1, unescaped("\"", at + 1), 1);
                } else if (source.charAt(at) == '\'') {
                    at = unescaped("'", at + 1) + 1;
                } else {
                    line += source.charAt(at) == '\n' ? 1 : 0;
                    at++;
                }
            }
            return passages;
        }

        private void add(Kind kind, int opening, int end, int closing) {
            String text = source.substring(Math.min(at + opening, end), end);
            passages.add(passage(file, line, kind, text));
            line += (int) text.chars().filter(c -> c == '\n').count();
            at = end + closing;
        }

        private int end(String mark, int from) {
            int end = source.indexOf(mark, from);
            return end < 0 ? source.length() : end;
        }

        private int unescaped(String mark, int from) {
            int end = from;
            while (end < source.length() && !source.startsWith(mark, end)) {
                end += source.charAt(end) == '\\' ? 2 : 1;
            }
            return Math.min(end, source.length());
        }
    }
}
