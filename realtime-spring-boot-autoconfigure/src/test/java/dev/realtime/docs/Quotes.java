package dev.realtime.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Code on a page that is taken from a file of the repository, so that what readers copy is code that runs. On the page:
 *
 * <pre>
 * &lt;!-- source: path/from/the/root/File.java#name --&gt;
 * ```java
 * ...
 * ```
 * </pre>
 *
 * In the file the lines between one with {@code tag::name[]} and one with {@code end::name[]} are meant; without a
 * name, all of it.
 */
final class Quotes {

    private static final Pattern QUOTE =
            Pattern.compile("(?ms)^<!-- source: ([^\\s#]+)(?:#(\\S+))? -->\\n```(\\w*)\\n.*?^```$");

    private static final Pattern TAG = Pattern.compile("(tag|end)::\\S+\\[]");

    private Quotes() {}

    /** Returns the text of a page with all quotes replaced by their current source. */
    static String refresh(String page) {
        return QUOTE.matcher(page).replaceAll(quote -> Matcher.quoteReplacement(refreshed(quote)));
    }

    /** Returns the text of a page without its quotes. */
    static String leaveOut(String page) {
        return QUOTE.matcher(page).replaceAll("");
    }

    private static String refreshed(MatchResult quote) {
        String firstLine = quote.group().substring(0, quote.group().indexOf('\n'));
        return "%s\n```%s\n%s```".formatted(firstLine, quote.group(3), code(quote.group(1), quote.group(2)));
    }

    private static String code(String source, @Nullable String tag) {
        Path file = Repository.ROOT.resolve(source).normalize();
        List<String> lines = Repository.read(file).lines().toList();
        if (tag != null) {
            int from = indexOf(lines, "tag::" + tag + "[]", source);
            lines = lines.subList(from + 1, indexOf(lines, "end::" + tag + "[]", source));
        }
        return String.join(
                        "\n",
                        lines.stream().filter(line -> !TAG.matcher(line).find()).toList())
                .stripIndent()
                .strip()
                .concat("\n");
    }

    private static int indexOf(List<String> lines, String mark, String source) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(mark)) {
                return i;
            }
        }
        throw new IllegalStateException("%s is quoted, but has no line with %s. Add the mark, or quote something else."
                .formatted(source, mark));
    }
}
