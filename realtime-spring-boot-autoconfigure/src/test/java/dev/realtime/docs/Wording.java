package dev.realtime.docs;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A word that the documentation, the comments and the messages of this project avoid, because readers of technical
 * English have to decode it, and the words to use in its place.
 *
 * @param word the word as it appears in a failure
 * @param pattern its forms
 * @param instead the replacement
 * @param allowed occurrences in the whole repository, in the order of what the code bases that served as models have:
 *     {@code told} 4 times in 152,000 lines of comments, {@code answers} twice, {@code who} once, the others never
 */
record Wording(String word, Pattern pattern, String instead, int allowed) {

    private static final int LONGEST_EXCERPT = 160;

    /** All words to avoid. */
    static final List<Wording> ALL = List.of(
            avoid("told", "told|tells?|telling", "is notified, shows, distinguishes", 1),
            avoid("whoever", "whoever|whomever|whosoever", "clients that, callers that", 0),
            avoid("who", "who", "clients that, the user", 3),
            avoid("under way", "under ?way", "in progress", 0),
            avoid("at once", "at once", "immediately, at the same time", 0),
            avoid("proved", "proved|proven", "verified", 0),
            avoid("looked after", "look(?:s|ed|ing)? after", "maintains, waits for", 0),
            avoid("looked at", "look(?:s|ed|ing)? at", "reads, checks", 0),
            avoid("anew", "anew", "again", 0),
            avoid("goes on", "(?:goes|go|went|gone) on", "continues", 0),
            avoid("the way to Redis", "ways? to (?:Redis|the server|a server)", "the connection to Redis", 0),
            avoid("somebody", "somebody|someone", "a client, a caller", 0),
            avoid("nobody", "nobody(?! frame)", "no client, no caller", 3),
            avoid("answers", "answers", "returns, replies", 2),
            avoid("stands", "stands(?! for)|stood", "is", 0),
            avoid("lies", "lies|lay(?! out)", "is", 0),
            avoid("belated", "belated(?:ly)?", "late", 0),
            avoid("hears of", "hears? of|heard of", "is notified of", 0));

    private static Wording avoid(String word, String forms, String instead, int allowed) {
        Pattern pattern = Pattern.compile("\\b(?:" + forms + ")\\b", Pattern.CASE_INSENSITIVE);
        return new Wording(word, pattern, instead, allowed);
    }

    /** Returns the places where a passage has the word, each as file, line, text of the line and replacement. */
    Stream<String> in(Prose passage) {
        return pattern.matcher(passage.text()).results().map(found -> place(passage, found));
    }

    @Override
    public String toString() {
        return word;
    }

    private String place(Prose passage, MatchResult found) {
        String before = passage.text().substring(0, found.start());
        int offset = Math.toIntExact(before.chars().filter(c -> c == '\n').count());
        String line = passage.text().lines().skip(offset).findFirst().orElse("").strip();
        return "%s:%d: \"%s\", better: %s. %s"
                .formatted(
                        Repository.ROOT.relativize(passage.file()),
                        passage.line() + offset,
                        found.group(),
                        instead,
                        line.length() <= LONGEST_EXCERPT ? line : line.substring(0, LONGEST_EXCERPT) + "...");
    }
}
