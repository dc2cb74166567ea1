package dev.realtime.autoconfigure.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page in the documentation is what the metadata says. With {@code -Ddocs.write=true} it is written again. */
class ConfigurationPageTests {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    private static final String COMMAND =
            "./mvnw -pl realtime-spring-boot-autoconfigure -am test -Dtest=ConfigurationPageTests"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    @Test
    void pageListsEveryPropertyAsTheMetadataDescribesIt() throws IOException {
        String page = ConfigurationPage.render(COMMAND);

        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("docs/configuration.md is not what the metadata says. Write it again with%n%s", COMMAND)
                .hasContent(page);
    }
}
