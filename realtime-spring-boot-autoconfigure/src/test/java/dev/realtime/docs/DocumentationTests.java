package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The pages lead where they say, and the code in them is code of this repository. */
class DocumentationTests {

    private static final String COMMAND =
            "./mvnw -pl realtime-spring-boot-autoconfigure -am test -Dtest=DocumentationTests"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    private static final List<MarkdownPage> pages = MarkdownPage.all();

    @ParameterizedTest
    @FieldSource("pages")
    void quotedCodeIsWhatItsSourceSays(MarkdownPage page) {
        String refreshed = Quotes.refresh(page.text());

        if (Boolean.getBoolean("docs.write")) {
            Repository.write(page.file(), refreshed);
        }

        assertThat(page.file())
                .as("%s quotes code that has changed. Write it again with%n%s", page, COMMAND)
                .hasContent(refreshed);
    }

    @ParameterizedTest
    @FieldSource("pages")
    void codeIsQuotedAndNeverMadeUp(MarkdownPage page) {
        MarkdownPage unquoted = new MarkdownPage(page.file(), Quotes.leaveOut(page.text()));

        assertThat(unquoted.blocks())
                .noneMatch(block -> Set.of("java", "kotlin").contains(block.language()));
    }

    @ParameterizedTest
    @FieldSource("pages")
    void everyLinkLeadsSomewhere(MarkdownPage page) {
        assertThat(page.brokenLinks()).as("broken links in %s", page).isEmpty();
    }

    @Test
    void everyPageIsInTheIndexOfItsDirectory() {
        List<MarkdownPage> documentation = pages.stream()
                .filter(page -> page.file().startsWith(Repository.ROOT.resolve("docs")))
                .filter(page -> !page.file().endsWith("README.md"))
                .toList();

        assertThat(documentation).isNotEmpty().allSatisfy(page -> {
            Path index = page.file().resolveSibling("README.md");
            assertThat(Repository.read(index)).contains("(" + page.file().getFileName() + ")");
        });
    }
}
