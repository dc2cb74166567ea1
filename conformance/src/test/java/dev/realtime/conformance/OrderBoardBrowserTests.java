package dev.realtime.conformance;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of the sample with Spring MVC in a real browser. The scenarios are in {@code orders.mjs}. */
class OrderBoardBrowserTests {

    private static final NodeScript SCRIPT = new NodeScript("browse.mjs", Duration.ofMinutes(5));

    private static final Path SCREENSHOTS = Program.DIRECTORY.resolve("target/screenshots");

    @RegisterExtension
    static final SampleServer SERVER = SampleServer.orders();

    static Stream<String> scenarios() {
        return SCRIPT.run("--orders").lines();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scenarioPasses(String scenario, URI sample) {
        String chromium = Program.onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

        SCRIPT.run(scenario, sample.toString(), chromium, SCREENSHOTS.toString());
    }
}
