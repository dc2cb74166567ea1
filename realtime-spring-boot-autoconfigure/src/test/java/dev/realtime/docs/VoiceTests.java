package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Documentation, comments and messages are plain technical English, Javadoc says what a type is, and lines fit on a
 * screen. The limits are those that well-kept code bases meet.
 */
class VoiceTests {

    /** Packages of application code, with dots including those below: methods document parameters and results. */
    private static final Set<String> APPLICATION_PACKAGES = Set.of(
            "dev.realtime.api..",
            "dev.realtime.spi..",
            "dev.realtime.handler",
            "dev.realtime.event",
            "dev.realtime.template",
            "dev.realtime.observation");

    private static final int LONGEST_LINE = 120;

    private static final List<Wording> wordings = Wording.ALL;

    /** All sources except the list of the words itself. */
    private static final List<Path> sources = Repository.sources().stream()
            .filter(file -> !file.endsWith("Wording.java"))
            .toList();

    private static final List<Path> production = sources.stream()
            .filter(file -> file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
            .toList();

    private static final List<Prose> passages = Stream.concat(sources.stream(), pages())
            .flatMap(file -> Prose.of(file).stream())
            .filter(Prose::isSentence)
            .toList();

    private static final Javadoc javadoc = Javadoc.read(production, APPLICATION_PACKAGES);

    @ParameterizedTest
    @FieldSource("wordings")
    void wordIsAvoided(Wording wording) {
        List<String> places = passages.stream().flatMap(wording::in).toList();

        assertThat(places.size())
                .as("\"%s\" in%n%s", wording.word(), String.join("\n", places))
                .isLessThanOrEqualTo(wording.allowed());
    }

    @Test
    void javadocOfTypeOpensWithNounPhrase() {
        assertThat(javadoc.questions()).isEmpty();
    }

    @Test
    void publicTypeHasJavadoc() {
        assertThat(javadoc.undocumentedTypes()).isEmpty();
    }

    @Test
    void publicMethodForApplicationsDocumentsParametersAndResult() {
        assertThat(javadoc.undocumentedMethods()).isEmpty();
    }

    @Test
    void lineFitsOnScreen() {
        assertThat(sources.stream().flatMap(file -> longLines(file).stream())).isEmpty();
    }

    /** Data in text blocks may be longer: it is often quoted from elsewhere. So may imports: they cannot be wrapped. */
    private static List<String> longLines(Path file) {
        List<String> lines = Repository.read(file).lines().toList();
        List<Prose> blocks = Prose.of(file).stream()
                .filter(passage -> passage.kind() == Prose.Kind.TEXT_BLOCK)
                .toList();
        List<String> found = new ArrayList<>();
        IntStream.range(0, lines.size())
                .filter(index -> lines.get(index).length() > LONGEST_LINE)
                .filter(index -> !lines.get(index).startsWith("import "))
                .filter(index -> blocks.stream()
                        .noneMatch(block -> block.line() <= index + 1 && index + 1 < block.line() + block.lines()))
                .forEach(index -> found.add("%s:%d: %d characters"
                        .formatted(
                                Repository.ROOT.relativize(file),
                                index + 1,
                                lines.get(index).length())));
        return found;
    }

    /** Decision records are left out: they are never rewritten. */
    private static Stream<Path> pages() {
        return Repository.markdownFiles().stream()
                .filter(page -> !page.startsWith(Repository.ROOT.resolve("docs/decisions")))
                .sorted(Comparator.naturalOrder());
    }
}
