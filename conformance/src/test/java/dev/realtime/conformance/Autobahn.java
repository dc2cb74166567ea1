package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs of the Autobahn test suite for WebSocket servers. The suite itself needs Python 2; {@code kosoku} runs the same
 * cases on Python 3.
 *
 * <p>Reports for people are left in {@code target/autobahn}.
 */
final class Autobahn {

    private static final Path REPORTS = Program.DIRECTORY.resolve("target/autobahn");

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Autobahn() {}

    /** Runs the cases against a server and returns how it behaved in each, in the words of the suite. */
    static Map<String, String> run(String name, ConfigurableApplicationContext server, String query, List<String> cases)
            throws IOException {
        Path report = REPORTS.resolve(name);
        List<String> command = new ArrayList<>(List.of(
                Program.ofPython("kosoku"),
                "--mode",
                "fuzzingclient",
                "--outdir",
                report.toString(),
                "--parallelism",
                "2",
                "ws://localhost:%s/connection/websocket%s"
                        .formatted(server.getEnvironment().getProperty("local.server.port"), query)));
        cases.forEach(selection -> command.addAll(List.of("--include", selection)));

        new Program(command, LIMIT).run();

        JsonNode agents = JsonMapper.shared().readTree(Files.readString(report.resolve("index.json")));
        Map<String, String> behaviour = new TreeMap<>();
        agents.forEach(agent -> agent.properties()
                .forEach(one -> behaviour.put(
                        one.getKey(),
                        one.getValue().get("behavior").asString() + " / "
                                + one.getValue().get("behaviorClose").asString())));
        return behaviour;
    }

    static void assertPassed(Map<String, String> behaviour) {
        assertThat(behaviour).allSatisfy((name, result) -> assertThat(result).isEqualTo(expected(name)));
    }

    private static String expected(String name) {
        if (name.startsWith("6.4.")) {
            // Text is checked for UTF-8 when the message is complete; these expect an error earlier.
            return "NON-STRICT / OK";
        }
        if (name.equals("7.1.6") || name.startsWith("7.13.")) {
            // Whatever a server does here, the suite only notes it.
            return "INFORMATIONAL / INFORMATIONAL";
        }
        return "OK / OK";
    }
}
