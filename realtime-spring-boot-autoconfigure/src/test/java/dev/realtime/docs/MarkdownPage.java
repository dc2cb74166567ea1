package dev.realtime.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A Markdown file: where it can be linked to, where it links to, and the code in it.
 *
 * @param file absolute path
 * @param text as it is on disk
 */
record MarkdownPage(Path file, String text) {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

    private static final Pattern INLINE_CODE = Pattern.compile("`([^`\\n]+)`");

    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");

    /**
     * A block of code.
     *
     * @param language empty if the page names none
     */
    record Block(String language, String code) {}

    static MarkdownPage read(Path file) {
        return new MarkdownPage(file, Repository.read(file));
    }

    static List<MarkdownPage> all() {
        return Repository.markdownFiles().stream().map(MarkdownPage::read).toList();
    }

    List<Block> blocks() {
        return FENCE.matcher(text)
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    /** Returns the code in single backticks. */
    List<String> inlineCode() {
        return groups(INLINE_CODE, withoutBlocks());
    }

    /** Link targets of this page that lead nowhere: no such file, or no such heading in it. */
    List<String> brokenLinks() {
        return groups(LINK, INLINE_CODE.matcher(withoutBlocks()).replaceAll("code")).stream()
                .filter(target -> !target.matches("(https?|mailto):.*"))
                .filter(target -> !leadsSomewhere(target))
                .toList();
    }

    private boolean leadsSomewhere(String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path linked = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        return Files.exists(linked)
                && linked.startsWith(Repository.ROOT)
                && (hash < 0 || read(linked).anchors().contains(target.substring(hash + 1)));
    }

    /** Names of the headings in links, as GitHub makes them. */
    private Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        for (String heading : groups(HEADING, withoutBlocks())) {
            String anchor = LINK.matcher(heading)
                    .replaceAll(link -> link.group().substring(1, link.group().indexOf(']')))
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int count = seen.merge(anchor, 1, Integer::sum);
            anchors.add(count == 1 ? anchor : anchor + "-" + (count - 1));
        }
        return anchors;
    }

    private String withoutBlocks() {
        return FENCE.matcher(text).replaceAll("");
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    @Override
    public String toString() {
        return Repository.ROOT.relativize(file).toString();
    }
}
