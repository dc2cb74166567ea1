package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.json.JsonMapper;

/** A script in {@code src/test/js}, run by Node.js. Ends in time, or is ended with everything it started. */
final class NodeScript {

    private static final JsonMapper JSON = new JsonMapper();

    private final String name;

    private final Duration limit;

    NodeScript(String name, Duration limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Names of the scenarios the script knows. */
    Stream<String> scenarios() {
        return run("--list").lines();
    }

    /**
     * Runs the script, which plays several scenarios and prints a line of JSON for each. Each becomes a test; all have
     * been played when this method returns.
     */
    Stream<DynamicTest> tests(String... arguments) {
        List<Outcome> outcomes = run(arguments)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> JSON.readValue(line, Outcome.class))
                .toList();
        assertThat(outcomes).as("scenarios").isNotEmpty();
        return outcomes.stream()
                .map(outcome -> DynamicTest.dynamicTest(
                        outcome.scenario(), () -> assertThat(outcome.failure()).isNull()));
    }

    /** Runs the script and returns what it printed; fails with that if the script does. */
    String run(String... arguments) {
        if (!Files.isDirectory(Program.DIRECTORY.resolve("node_modules/centrifuge"))) {
            return fail("The packages of conformance/package.json are not installed." + Program.HINT);
        }
        List<String> command = new ArrayList<>(List.of(Program.onPath("node"), "src/test/js/" + name));
        command.addAll(List.of(arguments));
        return new Program(command, limit).run();
    }

    private record Outcome(String scenario, String failure) {}
}
