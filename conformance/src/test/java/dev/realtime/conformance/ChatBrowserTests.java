package dev.realtime.conformance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sample's page in a real browser. The scenarios, and what each expects, are in {@code src/test/js/browser}; they
 * leave screenshots in {@code target/screenshots}.
 *
 * <p>With {@code -Dscreenshots.write=true} the picture of the README is replaced by the one just drawn.
 */
@ExtendWith(SampleServer.class)
class ChatBrowserTests {

    private static final NodeScript SCRIPT = new NodeScript("browse.mjs", Duration.ofMinutes(5));

    private static final Path DIRECTORY =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    private static final Path SCREENSHOTS = DIRECTORY.resolve("target/screenshots");

    static Stream<String> scenarios() {
        return SCRIPT.scenarios();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scenarioPasses(String scenario, URI sample) {
        String chromium = Program.onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

        SCRIPT.run(scenario, sample.toString(), chromium, SCREENSHOTS.toString());
    }

    @AfterAll
    static void replacePictureOfReadme() throws IOException {
        if (Boolean.getBoolean("screenshots.write")) {
            Path images =
                    Files.createDirectories(DIRECTORY.resolveSibling("docs").resolve("images"));
            Files.copy(
                    SCREENSHOTS.resolve("two-tabs.png"),
                    images.resolve("two-tabs.png"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
