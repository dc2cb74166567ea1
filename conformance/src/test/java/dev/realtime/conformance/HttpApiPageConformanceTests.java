package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The examples of {@code docs/http-api.md} do what the page says: each block of {@code curl} followed by a reply is run
 * against the sample, in the order of the page.
 */
@ExtendWith(SampleServer.class)
class HttpApiPageConformanceTests {

    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```shell\\n(curl .*?)^```\\n\\n```json\\n(.*?)^```$");

    /** What differs at each start of a server, or at each roll of dice. */
    private static final List<String> VARIABLES = List.of(
            "[1-6],[1-6]",
            "\"epoch\":\"[^\"]+\"",
            "\"uid\":\"[^\"]+\",\"name\":\"[^\"]+\",\"version\":\"[^\"]+\",",
            "\"num_clients\":\\d+,\"num_users\":\\d+,\"num_channels\":\\d+,(\"uptime\":\\d+,)?\"num_subs\":\\d+");

    private final URI sample;

    HttpApiPageConformanceTests(URI sample) {
        this.sample = sample;
    }

    @Test
    void examplesAreAnsweredAsThePageSays() throws IOException {
        String page = Files.readString(Program.DIRECTORY.resolveSibling("docs/http-api.md"));
        List<Example> examples = EXAMPLE.matcher(page)
                .results()
                .map(match -> new Example(match.group(1), match.group(2)))
                .toList();

        assertThat(examples)
                .hasSizeGreaterThan(10)
                .allSatisfy(example -> assertThat(withoutVariables(run(example.command())))
                        .as(example.command())
                        .isEqualTo(withoutVariables(example.reply())));
    }

    private String run(String command) {
        return new Program(
                        List.of(
                                Program.onPath("bash"),
                                "-c",
                                command.replace("http://localhost:8080", sample.toString())
                                        .replaceFirst("^curl", "curl --silent --show-error")),
                        Map.of("REALTIME_API_KEY", SampleServer.API_KEY),
                        Duration.ofSeconds(20))
                .run();
    }

    private static String withoutVariables(String reply) {
        String steady = reply.strip();
        for (String variable : VARIABLES) {
            steady = steady.replaceAll(variable, "");
        }
        return steady;
    }

    private record Example(String command, String reply) {}
}
